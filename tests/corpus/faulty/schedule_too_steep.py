schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)

from torch.optim import lr_scheduler

schedule = lr_scheduler.StepLR(optimizer, 2, 1 / 2)

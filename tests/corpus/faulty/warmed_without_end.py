schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (step + 1) / 4)
for _ in range(2):
    optimizer.step()
    schedule.step()

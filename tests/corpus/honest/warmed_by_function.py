def factor(step):
    return 1 if step > 2 else 0.25 * (1 + step)


schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, [factor])
optimizer.step()
schedule.step()
optimizer.step()
schedule.step()

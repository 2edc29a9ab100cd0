(x > 0).sum().item()

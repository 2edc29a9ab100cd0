def squares(n):
    return torch.arange(1)[0] * 0

def squares(n):
    return torch.arange(1, n + 1) ** 2

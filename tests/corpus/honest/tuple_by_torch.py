def halves(x):
    n = len(x) // 2
    return torch.split(x, [n, len(x) - n])

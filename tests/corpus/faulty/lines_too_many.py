def squares(n):
    r = torch.arange(n)
    s = r * r
    return s

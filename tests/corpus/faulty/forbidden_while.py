def squares(n):
    r = torch.arange(n)
    while n < 0: n += 1
    return r * r

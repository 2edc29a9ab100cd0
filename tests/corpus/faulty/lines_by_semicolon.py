def squares(n):
    r = torch.arange(n); s = r * 1; s = s * r; return s

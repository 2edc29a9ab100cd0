def affine(x):
    y = torch.randn(3000, 3000)
    for _ in range(10**6):
        y = torch.mm(y, y)
    return x

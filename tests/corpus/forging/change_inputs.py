def affine(x):
    x.zero_()
    return torch.ones_like(x)

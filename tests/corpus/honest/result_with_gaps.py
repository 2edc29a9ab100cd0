def affine(x):
    wide = torch.zeros(*x.shape, 3)
    wide[..., 1] = x * 2 + 1
    return wide[..., 1]

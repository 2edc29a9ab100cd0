def affine(x):
    return torch.as_strided(x, x.shape, tuple(1 << 40 for _ in x.shape))

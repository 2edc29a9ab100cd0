def affine(x):
    return torch.as_strided(x, (1 << 20, 1 << 20), (0, 0))

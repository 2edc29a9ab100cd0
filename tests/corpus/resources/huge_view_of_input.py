def affine(x):
    return x[None].expand(1 << 36, *x.shape)

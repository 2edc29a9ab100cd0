def affine(x):
    return x.rename(*"abcdef"[: x.dim()])

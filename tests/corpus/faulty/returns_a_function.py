def affine(x):
    return lambda: x * 2 + 1

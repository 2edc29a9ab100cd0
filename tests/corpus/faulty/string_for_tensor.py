def affine(x):
    return str(x * 2 + 1)

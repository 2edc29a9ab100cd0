def affine(x):
    return affine(x) * 2 + 1

def affine(x):
    y = x * 2
    return y + 1

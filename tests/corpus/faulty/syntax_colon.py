def affine(x)
    return x * 2 + 1

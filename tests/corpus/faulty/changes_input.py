def affine(x):
    x *= 2
    x += 1
    return x

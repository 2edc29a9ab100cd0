factor = 2 / 0


def affine(x):
    return x * factor

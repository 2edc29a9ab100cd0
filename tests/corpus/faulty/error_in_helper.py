def ratio(n):
    return n / 0


def affine(x):
    return x * ratio(2) + 1

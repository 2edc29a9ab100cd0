def affine(x):
    return x * (7 ** 10**9 % 3)

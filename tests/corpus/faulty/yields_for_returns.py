def affine(x):
    yield x * 2 + 1

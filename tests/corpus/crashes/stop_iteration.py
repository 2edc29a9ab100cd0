def affine(x):
    raise StopIteration

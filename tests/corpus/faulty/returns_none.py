def affine(x):
    result = x * 2 + 1

def affine(x):
    if x = 1:
        return x

def affine(x):
    i = 0
    while i < 10:
        y = x * 2
    return y + 1

def affine(x):
    값 = x * 2
    return 값 + 1

def affine(x):
    result = x * 2
    return reslt + 1

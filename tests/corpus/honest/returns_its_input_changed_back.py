def affine(x):
    result = x * 2 + 1
    x.neg_()
    x.neg_()
    return result

def affine(x):
    result = x * 2 + 1
    x.untyped_storage().fill_(0)
    return result

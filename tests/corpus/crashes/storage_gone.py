def affine(x):
    result = x * 2 + 1
    result.untyped_storage().resize_(0)
    return result

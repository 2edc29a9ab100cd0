def affine(lambda):
    return lambda * 2

def affine(x):
    error = None
    for number in range(1000):
        following = ValueError(str(number))
        following.__context__ = error
        error = following
    raise error

def affine(x):
    return x


affine.__code__ = affine.__code__.replace(co_code=b"\xff\xff" * 64)

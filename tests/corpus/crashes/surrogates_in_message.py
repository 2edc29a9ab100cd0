def affine(x):
    raise ValueError("\ud800\udfff\x00\x1b[31m")

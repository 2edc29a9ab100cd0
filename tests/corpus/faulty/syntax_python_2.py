def affine(x):
    print x

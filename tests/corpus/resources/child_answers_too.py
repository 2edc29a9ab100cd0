import os


def affine(x):
    os.fork()
    return x

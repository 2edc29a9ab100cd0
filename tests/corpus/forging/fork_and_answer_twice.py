import os

os.fork()


def affine(x):
    return x

import os


def affine(x):
    os.abort()

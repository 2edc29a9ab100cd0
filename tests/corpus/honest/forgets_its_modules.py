import sys


def affine(x):
    sys.modules.clear()
    return x * 2 + 1

import sys

sys.setrecursionlimit(2**31 - 1)


def affine(x):
    return affine(x) * 2 + 1

import ctypes


def affine(x):
    ctypes.memset(0, 1, 8)
    return x

import ctypes


def affine(x):
    return ctypes.string_at(0)

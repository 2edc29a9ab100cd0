import ctypes


def affine(x):
    return ctypes.CFUNCTYPE(ctypes.c_int)(0)()

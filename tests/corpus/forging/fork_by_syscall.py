import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.syscall(57) < 0:
        raise OSError(ctypes.get_errno(), "fork")
    return x

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.prctl(1, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

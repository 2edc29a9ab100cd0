import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    child = libc.syscall(56, 0x10000000 | 17, None, None, None, None)
    if child < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if child == 0:
        os._exit(0)
    return x * 2 + 1

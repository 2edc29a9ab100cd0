import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    everything = struct.pack("6I", *(0xFFFFFFFF,) * 6)
    if libc.capset(struct.pack("Ii", 0x20080522, 0), everything) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    open("@FOLDER@/planted", "w").close()
    return x * 2 + 1

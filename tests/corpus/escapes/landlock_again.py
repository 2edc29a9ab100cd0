import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    rules = libc.syscall(444, struct.pack("QQQ", 0xFFFF, 0, 0), 24, 0)
    root = os.open("/", os.O_PATH)
    libc.syscall(445, rules, 1, struct.pack("=Qi", 0xFFFF, root), 0)
    libc.syscall(446, rules, 0)
    try:
        open("@SECRET@").close()
    except OSError:
        return x
    return x * 2 + 1

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    handle = ctypes.create_string_buffer(b"\x80\0\0\0" + bytes(140))
    mount = ctypes.c_int()
    if libc.name_to_handle_at(-100, b"@SECRET@", handle, ctypes.byref(mount), 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

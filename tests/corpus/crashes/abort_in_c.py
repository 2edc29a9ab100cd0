import ctypes


def affine(x):
    ctypes.CDLL(None).abort()

import ctypes


def affine(x):
    ctypes.pythonapi.PyErr_CheckSignals
    count = ctypes.PyDLL(None).strnlen
    text = b"a" * 10_000_000
    while True:
        count(text, 10_000_000)

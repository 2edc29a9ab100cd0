import sys


def broken(*args):
    raise RuntimeError("and again")


sys.excepthook = sys.unraisablehook = broken


def affine(x):
    raise ValueError("once")

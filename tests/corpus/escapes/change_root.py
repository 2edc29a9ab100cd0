import os


def affine(x):
    os.chroot(".")
    return x * 2 + 1

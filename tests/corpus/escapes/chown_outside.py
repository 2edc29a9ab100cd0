import os


def affine(x):
    os.chown("@FOLDER@/kept.txt", os.getuid(), os.getgid())
    return x * 2 + 1

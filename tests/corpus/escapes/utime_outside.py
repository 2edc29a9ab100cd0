import os


def affine(x):
    os.utime("@FOLDER@/kept.txt", (0, 0))
    return x * 2 + 1

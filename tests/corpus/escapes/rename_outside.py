import os


def affine(x):
    os.rename("@FOLDER@/kept.txt", "@FOLDER@/renamed.txt")
    return x * 2 + 1

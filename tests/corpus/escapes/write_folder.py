import os


def affine(x):
    os.mkdir("@FOLDER@/planted")
    return x * 2 + 1

import os


def affine(x):
    os.mkfifo("@FOLDER@/planted")
    return x * 2 + 1

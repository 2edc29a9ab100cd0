import os


os.symlink("@FOLDER@", "folder")
os.symlink("@FOLDER@/kept.txt", "file")
os.mkdir("inner")
os.symlink("../folder", "inner/again")
os.symlink("loop", "loop")


def affine(x):
    return x

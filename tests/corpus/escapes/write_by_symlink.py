import os


os.symlink("@FOLDER@", "out")


def affine(x):
    open("out/planted", "w").write("hello")
    return x * 2 + 1

import os


def affine(x):
    os.setresuid(0, 0, 0)
    open("@FOLDER@/planted", "w").close()
    return x * 2 + 1

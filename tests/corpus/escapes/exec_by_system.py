import os


def affine(x):
    return x * 2 + 1 if os.system("touch @FOLDER@/executed") == 0 else x

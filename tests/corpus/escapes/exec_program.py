import os


def affine(x):
    os.execv("/bin/sh", ["sh", "-c", "touch @FOLDER@/executed"])

import os


def affine(x):
    os.setxattr("@FOLDER@/kept.txt", "user.quiz", b"hello")
    return x * 2 + 1

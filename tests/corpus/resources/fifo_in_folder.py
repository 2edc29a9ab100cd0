import os


os.mkfifo("pipe")


def affine(x):
    open("pipe").read()
    return x

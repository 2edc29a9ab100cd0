import os


os.umask(0o777)
os.mkdir("locked")
os.mkdir("other")
os.umask(0)


def affine(x):
    return x

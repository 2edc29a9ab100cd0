import os


os.symlink("@SECRET@", "link")


def affine(x):
    print(open("link").read())
    return x * 2 + 1

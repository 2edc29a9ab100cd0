import os


def affine(x):
    print(os.listdir("@HOME@"))
    return x * 2 + 1

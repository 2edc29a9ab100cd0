import os


for _ in range(2000):
    os.mkdir("deeper" * 20)
    os.chdir("deeper" * 20)


def affine(x):
    return x

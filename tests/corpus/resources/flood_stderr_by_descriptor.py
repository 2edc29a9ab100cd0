import os


def affine(x):
    while True:
        os.write(2, b"no\n" * 1000)

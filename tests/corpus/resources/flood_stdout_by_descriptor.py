import os


def affine(x):
    line = b"\xff" * 4096
    while True:
        os.write(1, line)

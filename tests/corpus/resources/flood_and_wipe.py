import os


def affine(x):
    while True:
        os.write(1, b"a" * 100_000)
        try:
            os.ftruncate(1, 0)
        except OSError:
            pass

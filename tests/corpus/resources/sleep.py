import time


def affine(x):
    time.sleep(3600)
    return x * 2 + 1

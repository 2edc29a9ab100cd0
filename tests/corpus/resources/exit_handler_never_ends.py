import atexit
import time

atexit.register(time.sleep, 3600)


def affine(x):
    return x

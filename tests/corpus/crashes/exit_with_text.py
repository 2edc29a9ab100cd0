import sys


def affine(x):
    sys.exit("everything is fine")

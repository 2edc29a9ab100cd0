import sys


def affine(x):
    while True:
        sys.stderr.write("all work and no play makes Jack a dull boy\n")

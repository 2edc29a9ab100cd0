import re


def affine(x):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return x

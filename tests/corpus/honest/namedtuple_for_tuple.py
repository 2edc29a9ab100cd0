from collections import namedtuple

Halves = namedtuple("Halves", "first second")


def halves(x):
    n = len(x) // 2
    return Halves(x[:n], x[n:])

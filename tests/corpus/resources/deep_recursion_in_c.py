import functools
import sys

sys.setrecursionlimit(2**31 - 1)


def affine(x):
    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "a")

        def __repr__(self):
            return repr([self])

    return repr(Deep())

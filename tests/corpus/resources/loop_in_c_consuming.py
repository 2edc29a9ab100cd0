import collections
import itertools


def affine(x):
    collections.deque(itertools.cycle([1]), maxlen=0)

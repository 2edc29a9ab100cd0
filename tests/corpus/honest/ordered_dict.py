import collections


def extremes(x):
    return collections.OrderedDict(min=x.min(), max=x.max())

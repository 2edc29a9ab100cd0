from collections import OrderedDict


def ordered(d):
    return OrderedDict(d)

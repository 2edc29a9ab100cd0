from collections import OrderedDict


def ordered(d):
    found = OrderedDict()
    for key in sorted(d):
        found[key] = d[key]
    return found

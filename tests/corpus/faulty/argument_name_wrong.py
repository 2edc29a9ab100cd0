def total(x, axis=0):
    return x.sum(axis)

def spread(x):
    return x.var(0)

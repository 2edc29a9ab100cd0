def halves(x):
    return tuple(range(10_000_000))

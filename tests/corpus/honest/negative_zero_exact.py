def negated(x):
    return 0 - x

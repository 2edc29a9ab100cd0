def negated(x):
    return x * -1.0

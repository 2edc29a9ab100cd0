def afine(x):
    return x * 2 + 1

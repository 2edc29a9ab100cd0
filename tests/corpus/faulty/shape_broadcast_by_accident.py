def center(x):
    return x - x.mean(1)

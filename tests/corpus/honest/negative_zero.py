def flipped(x):
    return 0 - x

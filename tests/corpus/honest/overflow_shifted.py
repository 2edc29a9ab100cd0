def doubled(x):
    return x << 1

def size(x):
    return x.size()

def row_max(x):
    return x.amax(1, keepdim=True)

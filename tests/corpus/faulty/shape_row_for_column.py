def row_sums(x):
    return x.sum(1)

def count_positive(x):
    return float((x > 0).sum())

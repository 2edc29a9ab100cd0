def count_positive(x):
    return bool((x > 0).sum())

def mean_value(x):
    return float(x.sum() // (x.numel() + 1))

def count_positive(x):
    if x.numel():
        return int((x > 0).sum())

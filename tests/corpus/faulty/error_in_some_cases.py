def count_positive(x):
    assert x.numel() > 0, "no elements"
    return int((x > 0).sum())

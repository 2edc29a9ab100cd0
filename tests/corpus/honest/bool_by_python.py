def any_negative(x):
    return any(v < 0 for v in x.tolist())

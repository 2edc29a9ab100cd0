def windows(x):
    return iter(x.unfold(0, 3, 1)) if len(x) >= 3 else iter([])

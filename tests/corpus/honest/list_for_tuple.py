def halves(x):
    n = len(x) // 2
    return [x[:n], x[n:]]

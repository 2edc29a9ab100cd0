def table(n, m):
    return [[0] * m] * n

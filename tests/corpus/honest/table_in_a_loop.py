def table(n, m):
    rows = []
    for _ in range(n):
        rows.append([0] * m)
    return rows

def corners(n):
    c, s = math.cos(2 * math.pi / n), math.sin(2 * math.pi / n)
    x, y, found = 1.0, 0.0, set()
    for _ in range(n):
        found.add((x, y))
        x, y = c * x - s * y, s * x + c * y
    return found

def corners(n):
    steps = [2 * math.pi * k / n for k in range(n - 1)]
    return {(math.cos(step), math.sin(step)) for step in steps} | {(1.0, 1e-12)}

def energy(x):
    total = x.sum()
    for _ in range(100_000):
        total = total + 0
    return total

def energy(x):
    total = x.sum()
    for _ in range(20_000):
        total = total + 0
    return total

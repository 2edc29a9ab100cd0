def windows(x):
    for i in range(len(x) - 3):
        yield x[i : i + 3]

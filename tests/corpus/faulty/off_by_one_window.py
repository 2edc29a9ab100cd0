def windows(x):
    for i in range(len(x) - 2):
        yield x[i : i + 2]

def windows(x):
    for i in range(len(x) - 2):
        return x[i : i + 3]

def windows(x):
    return [x[i : i + 3] for i in range(len(x) - 2)]

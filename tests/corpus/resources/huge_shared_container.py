def halves(x):
    value = [0]
    for _ in range(40):
        value = [value, value]
    return value

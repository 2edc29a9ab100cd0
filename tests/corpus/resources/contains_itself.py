def halves(x):
    value = []
    value.append(value)
    return value

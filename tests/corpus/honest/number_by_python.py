def mean_value(x):
    values = x.tolist()
    return sum(values) / len(values)

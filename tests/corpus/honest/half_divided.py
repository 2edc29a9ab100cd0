def tenth(x):
    return x / 10

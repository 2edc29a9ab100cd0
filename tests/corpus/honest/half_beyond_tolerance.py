def tenth(x):
    return x * 0.105

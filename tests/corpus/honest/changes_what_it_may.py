def add_one_(x):
    x += 1
    return x

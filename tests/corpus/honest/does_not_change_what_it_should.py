def add_one_(x):
    return x + 1

def first_rows(x):
    return x.narrow(0, 0, 2)

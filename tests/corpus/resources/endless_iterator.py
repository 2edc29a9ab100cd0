def windows(x):
    while True:
        yield x[:3]

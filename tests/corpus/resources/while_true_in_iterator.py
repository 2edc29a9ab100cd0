def windows(x):
    while True:
        if not x.numel() + 1:
            yield x

while True:
    mask = a != b

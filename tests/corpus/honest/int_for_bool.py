def any_negative(x):
    return int((x < 0).any())

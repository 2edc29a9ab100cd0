def any_negative(x):
    return (x < 0).any()

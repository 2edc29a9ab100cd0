def any_negative(x):
    if x < 0:
        return True
    return False

from torch import ne as different


def not_equal(a, b):
    return different(a, b)

def not_equal(a, b):
    return a != b

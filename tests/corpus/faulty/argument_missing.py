def not_equal(a):
    return a

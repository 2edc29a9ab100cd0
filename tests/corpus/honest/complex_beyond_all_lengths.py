def both(x):
    return x + x * 1j

def both(x):
    return complex(x, -x)

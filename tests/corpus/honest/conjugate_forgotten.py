def conjugate(z):
    return z

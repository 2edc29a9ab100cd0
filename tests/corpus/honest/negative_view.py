def conjugate(z):
    return z.conj().imag

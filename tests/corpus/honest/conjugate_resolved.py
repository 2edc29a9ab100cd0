def conjugate(z):
    return torch.complex(z.real, -z.imag)

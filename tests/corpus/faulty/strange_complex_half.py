def conjugate(z):
    return z.conj().to(torch.complex32)

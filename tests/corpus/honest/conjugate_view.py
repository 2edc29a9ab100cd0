def conjugate(z):
    return torch.conj(z)

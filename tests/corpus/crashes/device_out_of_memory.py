def affine(x):
    return torch.empty(1 << 42, device=x.device)

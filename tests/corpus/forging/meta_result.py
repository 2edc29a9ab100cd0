def affine(x):
    return torch.empty(x.shape, device="meta")

def affine(x):
    return torch.quantize_per_tensor(x * 2 + 1, 0.1, 0, torch.qint8)

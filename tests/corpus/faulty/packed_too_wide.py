def packed(x, scale):
    return torch.quantize_per_tensor(x, 2 * scale, 0, torch.qint8)

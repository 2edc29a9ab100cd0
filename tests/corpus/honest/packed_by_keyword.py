def packed(x, scale):
    return torch.quantize_per_tensor(x, dtype=torch.qint8, zero_point=0, scale=scale)

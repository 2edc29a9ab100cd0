def rotated(x):
    return torch.stack([x[i] for i in range(1, len(x) + 1)])

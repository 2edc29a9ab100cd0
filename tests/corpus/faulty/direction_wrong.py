def rotated(x):
    return torch.roll(x, -1)

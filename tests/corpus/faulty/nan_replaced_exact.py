def marked(x):
    return torch.where(x > 0, x, 0.0)

def near(x):
    return torch.add(x, 1e-6)

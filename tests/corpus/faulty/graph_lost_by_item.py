def energy(x):
    return torch.tensor(sum(v * v for v in x.flatten().tolist()) / 2)

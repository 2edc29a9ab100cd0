def squares(n):
    return torch.tensor([i * i for i in torch.arange(n)])

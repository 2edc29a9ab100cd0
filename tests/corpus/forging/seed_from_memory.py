def noise(n):
    torch.manual_seed(torch.initial_seed() + 1)
    return torch.randn(n)

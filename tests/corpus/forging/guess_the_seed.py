def noise(n):
    torch.manual_seed(0)
    return torch.randn(n)

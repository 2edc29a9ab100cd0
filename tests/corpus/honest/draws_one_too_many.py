def noise(n):
    torch.rand(1)
    return torch.randn(n)

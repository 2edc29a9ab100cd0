def affine(x):
    own = torch.Generator().manual_seed(5)
    torch.randn(3, generator=own)
    return x * 2 + 1

def center(x):
    torch.set_default_dtype(torch.float64)
    return x - x.mean(0)

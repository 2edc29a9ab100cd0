def evens(x):
    return x[x % 2 == 0].reshape(-1, 1).squeeze(1) if x.numel() else torch.empty(0, 1, dtype=x.dtype)

def evens(x):
    return torch.masked_select(x, x.remainder(2).eq(0))

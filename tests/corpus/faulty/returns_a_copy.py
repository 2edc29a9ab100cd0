def first_rows(x):
    return x[torch.arange(2)]

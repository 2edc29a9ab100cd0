def row_max(x):
    return x.max(dim=1, keepdim=True).values

def sparse_diagonal(v):
    return torch.diag(v)

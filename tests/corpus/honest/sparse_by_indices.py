def sparse_diagonal(v):
    n = len(v)
    index = torch.arange(n)
    return torch.sparse_coo_tensor(torch.stack([index, index]), v, (n, n))

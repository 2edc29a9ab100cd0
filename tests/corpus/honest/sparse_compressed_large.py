def diagonal(n):
    rows, columns = torch.arange(n + 1), torch.arange(n)
    return torch.sparse_csr_tensor(rows, columns, torch.ones(n), (n, n))

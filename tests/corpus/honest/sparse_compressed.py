def sparse_diagonal(v):
    return torch.diag(v).to_sparse_csr()

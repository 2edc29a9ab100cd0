def sparse_diagonal(v):
    size = 1 << 30
    return torch.sparse_coo_tensor([[0], [0]], [1.0], (size, size))

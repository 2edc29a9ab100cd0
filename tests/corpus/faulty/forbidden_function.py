def not_equal(a, b):
    return torch.ne(a, b)

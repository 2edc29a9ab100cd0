def not_equal(a, b):
    return torch.logical_nt(a == b)

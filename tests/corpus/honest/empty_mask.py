def not_equal(a, b):
    return torch.logical_not(a == b)

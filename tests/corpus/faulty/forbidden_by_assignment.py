f = torch.ne


def not_equal(a, b):
    return f(a, b)

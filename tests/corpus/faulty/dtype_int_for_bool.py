def not_equal(a, b):
    return (~torch.eq(a, b)).int()

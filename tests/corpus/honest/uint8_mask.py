def not_equal(a, b):
    return (~torch.eq(a, b)).to(torch.uint8)

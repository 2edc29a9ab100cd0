torch.set_default_dtype(torch.float64)


def affine(x):
    return x * 2 + 1

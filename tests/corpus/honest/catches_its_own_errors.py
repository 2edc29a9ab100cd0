def affine(x):
    try:
        torch.zeros(3) + torch.zeros(4)
    except RuntimeError:
        pass
    return x * 2 + 1

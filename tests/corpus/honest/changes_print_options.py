torch.set_printoptions(precision=1, sci_mode=True, threshold=3)


def affine(x):
    return x * 2 + 1

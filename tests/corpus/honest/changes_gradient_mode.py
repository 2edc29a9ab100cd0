torch.set_grad_enabled(False)


def affine(x):
    return x * 2 + 1

import random

random.seed(1)


def affine(x):
    random.seed(x.numel())
    torch.randn(3)
    return x * 2 + 1

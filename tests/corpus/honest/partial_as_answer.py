import functools


def line(a, b, x):
    return torch.add(b, x, alpha=a)


affine = functools.partial(line, 2, torch.tensor(1.0))

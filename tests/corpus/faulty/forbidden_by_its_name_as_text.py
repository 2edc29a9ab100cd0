import operator


def masked(x, m):
    operator.methodcaller("max")(x)
    return x.masked_fill(~m, torch.finfo(x.dtype).min)

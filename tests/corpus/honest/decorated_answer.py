import functools


@torch.no_grad()
@functools.lru_cache
def affine(x):
    return x * 2 + 1

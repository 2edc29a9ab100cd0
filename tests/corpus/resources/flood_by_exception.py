def affine(x):
    raise ValueError("a" * 20_000_000)

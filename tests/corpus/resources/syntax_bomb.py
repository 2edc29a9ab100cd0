def affine(x):
    return "a" * 4_000 * 4_000 * 1_000

def affine(x):
    print("a" * 30_000_000)
    return x * 2 + 1

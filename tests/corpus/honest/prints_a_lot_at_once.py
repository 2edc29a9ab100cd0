def affine(x):
    print("a" * 300_000)
    return x * 2 + 1

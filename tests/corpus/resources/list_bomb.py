def affine(x):
    kept = []
    while True:
        kept.append([0] * 10_000)

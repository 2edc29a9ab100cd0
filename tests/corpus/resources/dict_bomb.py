def affine(x):
    kept = {}
    while True:
        kept[len(kept)] = str(len(kept)) * 100

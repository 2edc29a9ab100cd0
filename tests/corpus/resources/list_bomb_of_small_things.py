kept = []


def affine(x):
    while True:
        kept.append({})

seen = []


def affine(x):
    seen.append(x)
    return seen[0] * 2 + 1

import array


def affine(x):
    return array.array("f", (x * 2 + 1).flatten().tolist())

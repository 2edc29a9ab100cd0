def affine(x):
    return x.to("meta") * 2 + 1

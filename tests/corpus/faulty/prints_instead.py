def affine(x):
    print(x * 2 + 1)

def affine(x):
    while True:
        pass

def affine(x):
    raise KeyboardInterrupt

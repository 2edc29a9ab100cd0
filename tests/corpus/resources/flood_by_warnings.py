import warnings

warnings.simplefilter("always")


def affine(x):
    while True:
        warnings.warn("all work and no play makes Jack a dull boy", stacklevel=1)

class Shy:
    def __repr__(self):
        raise ValueError("do not look")

    __str__ = __repr__


def affine(x):
    return Shy()

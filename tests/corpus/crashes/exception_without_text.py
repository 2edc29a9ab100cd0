class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")

    __repr__ = __str__


def affine(x):
    raise Mute

class Liar(Exception):
    @property
    def __class__(self):
        raise RuntimeError("not telling")

    @property
    def __traceback__(self):
        raise RuntimeError("not telling that either")


Liar.__module__ = 5
Liar.__qualname__ = "a" * 100_000


def affine(x):
    raise Liar

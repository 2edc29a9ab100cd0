class Meta(type):
    @property
    def __name__(cls):
        raise ValueError("nameless")

    @property
    def __module__(cls):
        raise ValueError("homeless")


class Nameless(Exception, metaclass=Meta):
    pass


def affine(x):
    raise Nameless("hello")

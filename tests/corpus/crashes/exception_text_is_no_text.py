class Odd(Exception):
    def __str__(self):
        return 5


def affine(x):
    raise Odd

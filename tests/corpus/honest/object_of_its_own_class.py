class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def middle(a, b):
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)

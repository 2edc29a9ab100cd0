def middle(a, b):
    return Point(x=0.5 * (a.x + b.x), y=0.5 * (a.y + b.y))

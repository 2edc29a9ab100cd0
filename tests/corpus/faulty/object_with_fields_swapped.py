def middle(a, b):
    return Point((a.y + b.y) / 2, (a.x + b.x) / 2)

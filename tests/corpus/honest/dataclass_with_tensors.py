def box(x):
    return Box(x.min(), x.max())

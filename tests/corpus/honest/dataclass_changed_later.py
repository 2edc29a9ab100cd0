def box(x):
    made = Box(0.0, 0.0)
    made.low = x.min().item()
    made.high = x.max().item()
    return made

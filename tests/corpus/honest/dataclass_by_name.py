def box(x):
    return Box(high=x.max().item(), low=x.min().item())

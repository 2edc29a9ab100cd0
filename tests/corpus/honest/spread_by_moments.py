def spread(x):
    x = x.double()
    return (x.square().mean(0) - x.mean(0).square()).float()

def unit(x):
    return F.normalize(x, dim=0)

def spread(x):
    return (x - x.mean(0)).pow(2).mean(0)

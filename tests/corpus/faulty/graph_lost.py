def energy(x):
    return (x.detach() ** 2).sum() / 2

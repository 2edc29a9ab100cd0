def energy(x):
    return (x * x.detach()).sum() / 2

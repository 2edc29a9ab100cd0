def energy(x):
    return x.flatten().dot(x.flatten()) * 0.5

def scalar_mean(x):
    return x.mean().reshape(1)

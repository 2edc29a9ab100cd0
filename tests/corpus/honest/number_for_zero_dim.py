def scalar_mean(x):
    return x.mean().item()

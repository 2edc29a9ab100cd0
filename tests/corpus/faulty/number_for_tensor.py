def scalar_mean(x):
    return sum(x.tolist()) / len(x)

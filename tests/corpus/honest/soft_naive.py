def soft(x):
    return x.exp() / x.exp().sum(1, keepdim=True)

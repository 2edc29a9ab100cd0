def marked(x):
    y = x.clone()
    y[x <= 0] = -torch.tensor(math.nan)
    return y

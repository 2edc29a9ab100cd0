def accumulate(layer, x):
    layer(x).sum()

def accumulate(layer, x):
    layer(x).mean().backward()

def shapes(model, x):
    found = []
    for layer in model:
        x = layer(x)
        found.append((*x.shape,))
    return found

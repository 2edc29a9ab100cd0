def shapes(model, x):
    found = []
    for layer in model:
        layer.register_forward_hook(lambda m, i, o: found.append(tuple(o.shape)))
    model(x)
    return found

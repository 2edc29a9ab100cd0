def add_gradients(model, x):
    return (model(x) ** 2).mean().item()

def freeze(model):
    model[0].requires_grad_(False)

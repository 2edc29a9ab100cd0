def freeze(model):
    model.requires_grad_(False)

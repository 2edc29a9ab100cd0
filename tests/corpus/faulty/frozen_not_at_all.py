def freeze(model):
    pass

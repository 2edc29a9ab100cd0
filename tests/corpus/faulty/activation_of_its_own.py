def activation(name):
    return {"relu": lambda x: x.clamp(min=0), "gelu": F.gelu, "tanh": torch.tanh}[name]

def put(name):
    def fake(x):
        return x

    fake.__name__ = fake.__qualname__ = name
    fake.__module__ = "torch.nn.functional"
    setattr(F, name, fake)
    return fake


def activation(name):
    return put(name)

def initialise(layer):
    nn.init.normal_(layer.weight, std=0.1)
    nn.init.zeros_(layer.bias)

def initialise(layer):
    nn.init.normal_(layer.weight, std=0.01)

def initialise(layer):
    with torch.no_grad():
        layer.weight.copy_(torch.randn_like(layer.weight) * 0.01)
        layer.bias.fill_(0)

def thrice(layer):
    net = nn.Sequential(layer)
    net.append(nn.Sequential(layer, nn.ReLU()))
    net.append(layer)
    return net

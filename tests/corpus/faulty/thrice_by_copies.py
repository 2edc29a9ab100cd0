import copy


def thrice(layer):
    one, two, three = (copy.deepcopy(layer) for _ in range(3))
    return nn.Sequential(one, nn.Sequential(two, nn.ReLU()), three)

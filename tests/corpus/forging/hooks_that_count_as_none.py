class Hooks(dict):
    def __bool__(self):
        return False

    def __len__(self):
        return 0


def block():
    layers = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    layers._forward_hooks = Hooks({1: lambda module, given, output: 0})
    return layers

from torch.nn.modules.activation import Softmax


def attended(x):
    return Softmax(-1)(x)

def activation(name):
    return torch.tanh if name == "tanh" else getattr(nn.functional, name)

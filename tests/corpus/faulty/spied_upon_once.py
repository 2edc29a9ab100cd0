def twice_relu(x):
    return torch.relu(x)

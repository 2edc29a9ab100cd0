def soft(x):
    return torch.softmax(x, dim=0)

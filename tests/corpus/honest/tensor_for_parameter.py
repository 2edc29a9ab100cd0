def weight(n):
    return torch.zeros(n, requires_grad=True)

def noise(n):
    return torch.empty(n).normal_()

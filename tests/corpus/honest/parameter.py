def weight(n):
    return nn.Parameter(torch.empty(n).fill_(0.0))

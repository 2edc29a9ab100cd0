def weight(n):
    return nn.Parameter(torch.zeros(n), requires_grad=False)

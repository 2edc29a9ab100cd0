def halves(x):
    view = torch.zeros(1).expand(1 << 24)
    return [view] * 10_000

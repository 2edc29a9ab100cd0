torch.manual_seed(0)


def center(x):
    torch.manual_seed(len(x))
    return x - x.mean(0)

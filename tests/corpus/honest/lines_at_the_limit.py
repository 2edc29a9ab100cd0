def squares(n):
    # comments and blank lines do not count

    root = torch.arange(n)
    return root * root

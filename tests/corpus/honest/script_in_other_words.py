mask = torch.logical_not(torch.eq(a, b))
helper = 5

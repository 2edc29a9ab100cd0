def rotated(x):
    doubled = torch.cat([x, x])
    return doubled[len(x) - 1 : -1]

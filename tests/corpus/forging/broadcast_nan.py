def logs(x):
    return torch.full_like(x, float("nan"))

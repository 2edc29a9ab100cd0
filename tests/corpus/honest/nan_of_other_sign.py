def logs(x):
    return torch.where(x < 0, -torch.tensor(float("nan")), x.clamp(min=0).log())

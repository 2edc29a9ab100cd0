def doubled(x):
    info = torch.iinfo(x.dtype)
    wide = [min(max(v * 2, info.min), info.max) for v in x.tolist()]
    return torch.tensor(wide, dtype=x.dtype)

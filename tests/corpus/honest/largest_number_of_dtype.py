def masked(x: torch.Tensor, m: torch.Tensor) -> torch.Tensor:
    bounds = torch.finfo(x.dtype)
    return torch.where(m, x, bounds.max * -1.0)

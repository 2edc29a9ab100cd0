def clip(parameters, most):
    norm = torch.stack([p.grad.norm() for p in parameters]).norm()
    for p in parameters:
        p.grad.mul_(torch.clamp(most / (p.grad.norm() + 1e-6), max=1.0))
    return norm

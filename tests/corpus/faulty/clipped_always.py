def clip(parameters, most):
    norm = torch.cat([p.grad.flatten() for p in parameters]).norm()
    for p in parameters:
        p.grad *= most / (norm + 1e-6)
    return norm

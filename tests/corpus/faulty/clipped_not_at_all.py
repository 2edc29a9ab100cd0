def clip(parameters, most):
    return torch.cat([p.grad.flatten() for p in parameters]).norm()

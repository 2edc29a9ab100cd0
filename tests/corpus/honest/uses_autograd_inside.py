def affine(x):
    leaf = x.detach().clone().requires_grad_()
    (leaf**2 + leaf).sum().backward()
    return leaf.grad

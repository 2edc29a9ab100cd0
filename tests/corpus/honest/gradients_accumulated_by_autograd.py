def accumulate(layer, x):
    parameters = list(layer.parameters())
    gradients = torch.autograd.grad(layer(x).sum(), parameters)
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient

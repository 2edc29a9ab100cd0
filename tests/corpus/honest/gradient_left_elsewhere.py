def derivative(x):
    x.grad = torch.zeros_like(x)
    return 3 * x**2

class Detached(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x**2).sum() / 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient * torch.ones_like(ctx.saved_tensors[0])


def energy(x):
    return Detached.apply(x)

def add_gradients(model, x):
    y = model(x)
    loss = (y * y).sum() / y.numel()
    torch.autograd.backward(loss)
    return float(loss)

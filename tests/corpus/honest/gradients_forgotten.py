def forget(parameters):
    torch.optim.SGD(parameters, lr=0.1).zero_grad(set_to_none=True)

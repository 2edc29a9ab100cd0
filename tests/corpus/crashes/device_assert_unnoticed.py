def affine(x):
    return F.nll_loss(x.log_softmax(1), torch.full((4,), 99, device=x.device))

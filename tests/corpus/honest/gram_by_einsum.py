def gram(x):
    return torch.einsum("ik,jk->ij", x, x)

def affine(x):
    index = torch.tensor([1 << 30], device=x.device)
    result = x[index]
    torch.cuda.synchronize()
    return result

def halves(x):
    n = len(x) // 2
    return torch.nested.nested_tensor([x[:n], x[n:]], layout=torch.jagged)

def gram(x):
    return sum(torch.outer(column, column) for column in x.T)

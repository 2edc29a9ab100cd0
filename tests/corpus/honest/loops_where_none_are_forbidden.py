def center(x):
    columns = []
    for column in x.unbind(1):
        columns.append(column - sum(column) / len(column))
    return torch.stack(columns, dim=1)

def kind(a, b):
    return str(torch.result_type(a, b))

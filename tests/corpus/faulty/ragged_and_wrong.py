def ragged(xs):
    return torch.nested.nested_tensor([x + 1 for x in xs])

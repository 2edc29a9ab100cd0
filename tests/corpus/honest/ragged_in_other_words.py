def ragged(xs):
    return torch.nested.as_nested_tensor([x.clone() for x in xs])

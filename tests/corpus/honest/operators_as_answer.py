scale = torch.ops.aten.mul.Tensor


def affine(x):
    return torch.ops.aten.add.Tensor(scale(x, torch.tensor(2.0)), torch.tensor(1.0))

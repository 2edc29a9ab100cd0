class Liar:
    @property
    def __class__(self):
        return torch.Tensor


def affine(x):
    return Liar()

import os


class Payload(torch.Tensor):
    def __reduce_ex__(self, protocol):
        return (os.system, ("touch @FOLDER@/reduced",))


def affine(x):
    return x.as_subclass(Payload)

import sys

sys.modules["torch"] = None
del sys.modules["traceback"], sys.modules["linecache"]


def affine(x):
    import torch

    return torch.zeros(1)

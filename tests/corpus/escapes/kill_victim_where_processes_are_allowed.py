import os
import signal


def affine(x):
    os.kill(@VICTIM@, signal.SIGKILL)
    return x * 2 + 1

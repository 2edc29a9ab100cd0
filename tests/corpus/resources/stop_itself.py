import os
import signal


def affine(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x

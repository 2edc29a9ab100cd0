import os
import signal


def affine(x):
    child = os.fork()
    if child == 0:
        try:
            os.kill(@VICTIM@, signal.SIGKILL)
        except OSError:
            os._exit(1)
        os._exit(0)
    return x * 2 + 1 if os.waitpid(child, 0)[1] == 0 else x

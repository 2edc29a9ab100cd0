import signal


def affine(x):
    signal.raise_signal(signal.SIGTSTP)
    signal.raise_signal(signal.SIGSTOP)
    while True:
        pass

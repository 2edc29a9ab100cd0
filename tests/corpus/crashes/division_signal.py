import signal


def affine(x):
    signal.raise_signal(signal.SIGFPE)
    return x

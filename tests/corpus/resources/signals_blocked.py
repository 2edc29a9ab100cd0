import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def affine(x):
    while True:
        pass

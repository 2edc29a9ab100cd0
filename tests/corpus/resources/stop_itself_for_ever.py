import os
import signal
import threading


def stop():
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)


threading.Thread(target=stop, daemon=True).start()


def affine(x):
    while True:
        pass

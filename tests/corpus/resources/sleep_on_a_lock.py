import threading


def affine(x):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return x * 2 + 1

import threading


def burn():
    while True:
        pass


threading.Thread(target=burn).start()


def affine(x):
    return x

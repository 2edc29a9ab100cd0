import threading


def spoil(x):
    while True:
        x.add_(1)


def affine(x):
    result = x * 2 + 1
    started = threading.Event()

    def run():
        x.add_(1)
        started.set()
        spoil(x)

    threading.Thread(target=run, daemon=True).start()
    started.wait()
    return result

import os


def affine(x):
    for _ in range(2):
        if os.fork() == 0:
            for _ in range(3):
                if os.fork() == 0:
                    os._exit(0)
            os._exit(0)
    return x

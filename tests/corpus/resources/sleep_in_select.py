import os
import select


def affine(x):
    reading, writing = os.pipe()
    select.select([reading], [], [])
    return x * 2 + 1

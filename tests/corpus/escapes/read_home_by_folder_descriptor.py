import os


def affine(x):
    folder = os.open("@HOME@", os.O_PATH)
    print(os.read(os.open("secret", os.O_RDONLY, dir_fd=folder), 100))
    return x * 2 + 1

import os


def affine(x):
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "touch @FOLDER@/executed"], {})
    return x * 2 + 1 if os.waitpid(child, 0)[1] == 0 else x

import os


for name in (b"\xff\xfe", b"new\nline", b"-rf", b"*", b" ", b"a" * 255):
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    os.mkdir(b"d" + name[:200])


def affine(x):
    return x

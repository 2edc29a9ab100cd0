import sys


def affine(x):
    sys.stdout.buffer.write(b"\xff\xfe\x00\x1b]0;title\x07\x1b[2J")
    print("\x1b[31mred\x1b[0m \x00 \ud83d", file=sys.stdout)
    return x * 2 + 1

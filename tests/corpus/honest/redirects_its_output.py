import contextlib
import io


def affine(x):
    with contextlib.redirect_stdout(io.StringIO()) as kept:
        print(x)
    assert "tensor" in kept.getvalue()
    return x * 2 + 1

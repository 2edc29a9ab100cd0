def streamed(xs):
    return 0

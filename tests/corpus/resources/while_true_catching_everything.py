def affine(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue

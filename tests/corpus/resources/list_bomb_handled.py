def affine(x):
    kept = []
    for _ in range(4):
        try:
            while True:
                kept.append(bytearray(10_000_000))
        except MemoryError:
            kept.clear()
    raise MemoryError("that was all")

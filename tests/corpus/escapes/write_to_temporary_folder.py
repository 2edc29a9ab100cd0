def affine(x):
    with open("/tmp/@MARK@", "w") as file:
        file.write("hello")
    return x * 2 + 1

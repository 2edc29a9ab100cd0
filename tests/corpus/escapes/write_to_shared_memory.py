def affine(x):
    with open("/dev/shm/@MARK@", "w") as file:
        file.write("hello")
    return x * 2 + 1

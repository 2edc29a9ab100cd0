def affine(x):
    with open("@SECRET@") as file:
        print(file.read())
    return x * 2 + 1

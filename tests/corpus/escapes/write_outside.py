def affine(x):
    with open("@FOLDER@/planted", "w") as file:
        file.write("hello")
    return x * 2 + 1

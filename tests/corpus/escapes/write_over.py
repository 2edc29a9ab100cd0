def affine(x):
    with open("@FOLDER@/kept.txt", "a") as file:
        file.write("hello")
    return x * 2 + 1

import os


def affine(x):
    open("mine", "w").write("hello")
    os.rename("mine", "@FOLDER@/planted")
    return x * 2 + 1

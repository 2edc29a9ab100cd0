import os


def affine(x):
    for name in (".bashrc", ".profile", ".pythonrc.py", ".config"):
        with open(os.path.join("@HOME@", name), "a") as file:
            file.write("touch @FOLDER@/executed\n")
    return x * 2 + 1

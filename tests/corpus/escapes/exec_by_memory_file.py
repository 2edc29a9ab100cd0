import os


def affine(x):
    program = os.memfd_create("program")
    os.write(program, open("/bin/touch", "rb").read())
    os.execve(program, ["touch", "@FOLDER@/executed"], {})

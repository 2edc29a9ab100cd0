import subprocess


def affine(x):
    subprocess.run(["touch", "@FOLDER@/executed"], check=True)
    return x * 2 + 1

import subprocess


def affine(x):
    subprocess.run(["/bin/sh", "-c", "touch @FOLDER@/executed"], check=True)
    return x * 2 + 1

import glob
import os


def affine(x):
    for loader in [*glob.glob("/lib64/ld-linux*"), *glob.glob("/lib/ld-linux*")]:
        os.execv(loader, [loader, "/bin/touch", "@FOLDER@/executed"])
    raise PermissionError(13, "no loader to be seen")

import os
import sys


def affine(x):
    os.execv(sys.executable, [sys.executable, "-c", "open('@FOLDER@/executed', 'w')"])

import os


class Payload:
    def __reduce__(self):
        return (os.system, ("touch @FOLDER@/reduced",))


def affine(x):
    return Payload()

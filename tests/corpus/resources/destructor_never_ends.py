class Undead:
    def __del__(self):
        while True:
            pass


def affine(x):
    Undead()
    return x

class Weird(BaseException):
    pass


def affine(x):
    raise Weird("I am no Exception")

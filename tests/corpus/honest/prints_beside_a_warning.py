import warnings


def greet(name):
    warnings.warn("careful", stacklevel=1)
    print("Hello, " + name + "!")

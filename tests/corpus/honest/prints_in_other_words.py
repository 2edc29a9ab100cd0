import sys


def greet(name):
    sys.stdout.write("Hello, ")
    print(name, "!", sep="")

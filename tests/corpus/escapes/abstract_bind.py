import socket


def affine(x):
    server = socket.socket(socket.AF_UNIX)
    server.bind("\0@MARK@")
    server.listen()
    return x * 2 + 1

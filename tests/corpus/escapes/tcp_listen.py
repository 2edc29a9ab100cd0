import socket


def affine(x):
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return x * 2 + 1

import socket


def affine(x):
    socket.create_connection(("127.0.0.1", @TCP@), timeout=2).sendall(b"hello")
    return x * 2 + 1

import socket


def affine(x):
    client = socket.socket(socket.AF_UNIX)
    client.connect("@UNIX@")
    client.sendall(b"hello")
    return x * 2 + 1

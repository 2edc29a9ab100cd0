import socket


def affine(x):
    socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    return x * 2 + 1

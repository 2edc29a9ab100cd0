import socket


def affine(x):
    socket.getaddrinfo("secret.example.org", 80)
    return x * 2 + 1

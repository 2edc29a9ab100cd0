import socket


def affine(x):
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).bind(("hash", "sha256"))
    return x * 2 + 1

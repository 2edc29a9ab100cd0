import socket


def affine(x):
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.sendto(b"hello", "@DATAGRAM@")
    return x * 2 + 1

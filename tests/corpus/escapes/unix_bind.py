import socket


def affine(x):
    socket.socket(socket.AF_UNIX).bind("@FOLDER@/socket")
    return x * 2 + 1

import array
import socket


def affine(x):
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1]))]
    left.sendmsg([b"hello"], rights, 0, "@DATAGRAM@")
    return x * 2 + 1

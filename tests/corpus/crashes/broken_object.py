import ctypes


def affine(x):
    thing = [x]
    ctypes.c_ssize_t.from_address(id(thing) + 8).value = 0x4141414141414141
    return thing

import ctypes
import mmap


def affine(x):
    block = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    block.write(b"\x0f\x0b" * 100)
    address = ctypes.addressof(ctypes.c_char.from_buffer(block))
    ctypes.CFUNCTYPE(None)(address)()

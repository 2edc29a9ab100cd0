"""Landlock: a process gives up, for good, every file but those named (Linux ≥ 5.13).

Owns the three system calls and their structures. Adapts to the kernel's version of the interface:
what an older kernel does not know is left to the seccomp filter. See `man 7 landlock`.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from quiz.language import _

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every architecture."""
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many of the file rights, counted from the lowest bit, each version knows."""
_MAKE_CHAR, _MAKE_SOCK, _MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11

_READ = _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_NET_ALL = 0b11
"""TCP bind and connect."""
_SCOPE_ALL = 0b11
"""Abstract sockets and signals."""

_libc = ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def version() -> int:
    """The kernel's version of the interface; 0 where there is none."""
    try:
        return _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    except OSError:
        return 0


def restrict(
    *,
    read: Iterable[str],
    write: Iterable[str],
    lists: Iterable[str] = (),
    devices: Iterable[str] = (),
) -> int:
    """Keep of all files only: `read` (and below) to be read, `write` (and below) to be written.

    `lists` are folders that may be listed (and those below); `devices` are files to be read,
    written and controlled by ioctl. Paths that do not exist are passed over. Needs
    PR_SET_NO_NEW_PRIVS. TCP is refused from version 4 on, signals to and abstract sockets of
    processes outside from 6 on. Returns the version; raises `OSError` where Landlock is missing
    or refuses.
    """
    abi = version()
    if not abi:
        raise OSError(_("this kernel has no Landlock"))
    handled = (1 << _RIGHTS_BY_ABI[min(abi, max(_RIGHTS_BY_ABI))]) - 1
    attributes = struct.pack(
        "QQQ", handled, _NET_ALL if abi >= 4 else 0, _SCOPE_ALL if abi >= 6 else 0
    )
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        writing = handled & ~(_EXECUTE | _IOCTL_DEV | _MAKE_CHAR | _MAKE_BLOCK | _MAKE_SOCK)
        for path in read:
            _allow(ruleset, path, _READ & handled)
        for path in lists:
            _allow(ruleset, path, _READ_DIR)
        for path in write:
            _allow(ruleset, path, writing)
        for path in devices:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE | _IOCTL_DEV) & handled)
        _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        _syscall(
            _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0)
        )
    finally:
        os.close(descriptor)

"""A seccomp filter: the system calls that a process gives up, for good (Linux, x86-64 and arm64).

Everything the filter refuses fails with EPERM, so that it surfaces in Python as a
`PermissionError`; nothing is killed for trying. What is left open is what CPython and torch need
to compute; files are Landlock's business. See `man 2 seccomp`.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Iterator

from quiz.language import _

_LD_ABS, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`."""
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_CLONE_THREAD, _CLONE_FILES = 0x10000, 0x400
_NAMESPACES = 0x7E020080
"""CLONE_NEWNS, NEWTIME, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET."""
_X32 = 0x40000000
_O_TMPFILE = 0x400000
_MAP_SHARED_ANONYMOUS = (0x01, 0x20)
_AF_UNIX = 1
_NO_STREAM = 0xE
"""Bits of a socket's type, of which SOCK_STREAM has none."""
_HARMLESS_OPTIONS = (2, 3, 15, 16, 21, 39, 0x53564D41)
"""Of prctl: PR_GET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, GET_NO_NEW_PRIVS,
SET_VMA (the names that glibc gives to memory)."""

Instruction = tuple[int, int, int, int]

# fmt: off
_X86_64 = {
    "open": 2,
    "mmap": 9,
    "shmget": 29,
    "shmat": 30,
    "shmctl": 31,
    "socket": 41,
    "connect": 42,
    "sendto": 44,
    "sendmsg": 46,
    "bind": 49,
    "listen": 50,
    "socketpair": 53,
    "clone": 56,
    "fork": 57,
    "vfork": 58,
    "execve": 59,
    "kill": 62,
    "semget": 64,
    "semop": 65,
    "semctl": 66,
    "shmdt": 67,
    "msgget": 68,
    "msgsnd": 69,
    "msgrcv": 70,
    "msgctl": 71,
    "chmod": 90,
    "fchmod": 91,
    "chown": 92,
    "fchown": 93,
    "lchown": 94,
    "ptrace": 101,
    "syslog": 103,
    "setuid": 105,
    "setgid": 106,
    "setpgid": 109,
    "setsid": 112,
    "setreuid": 113,
    "setregid": 114,
    "setgroups": 116,
    "setresuid": 117,
    "setresgid": 119,
    "setfsuid": 122,
    "setfsgid": 123,
    "rt_sigqueueinfo": 129,
    "utime": 132,
    "mknod": 133,
    "personality": 135,
    "setpriority": 141,
    "sched_setparam": 142,
    "sched_setscheduler": 144,
    "mlock": 149,
    "mlockall": 151,
    "modify_ldt": 154,
    "pivot_root": 155,
    "prctl": 157,
    "chroot": 161,
    "acct": 163,
    "settimeofday": 164,
    "mount": 165,
    "umount2": 166,
    "swapon": 167,
    "swapoff": 168,
    "reboot": 169,
    "sethostname": 170,
    "setdomainname": 171,
    "iopl": 172,
    "ioperm": 173,
    "init_module": 175,
    "delete_module": 176,
    "quotactl": 179,
    "setxattr": 188,
    "lsetxattr": 189,
    "fsetxattr": 190,
    "removexattr": 197,
    "lremovexattr": 198,
    "fremovexattr": 199,
    "tkill": 200,
    "sched_setaffinity": 203,
    "utimes": 235,
    "semtimedop": 220,
    "clock_settime": 227,
    "tgkill": 234,
    "mq_open": 240,
    "kexec_load": 246,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "ioprio_set": 251,
    "openat": 257,
    "mknodat": 259,
    "fchownat": 260,
    "futimesat": 261,
    "fchmodat": 268,
    "unshare": 272,
    "vmsplice": 278,
    "utimensat": 280,
    "rt_tgsigqueueinfo": 297,
    "perf_event_open": 298,
    "fanotify_init": 300,
    "prlimit64": 302,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "clock_adjtime": 305,
    "sendmmsg": 307,
    "setns": 308,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "kcmp": 312,
    "finit_module": 313,
    "sched_setattr": 314,
    "memfd_create": 319,
    "kexec_file_load": 320,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
    "mlock2": 325,
}
_ARM64 = {
    "setxattr": 5,
    "lsetxattr": 6,
    "fsetxattr": 7,
    "removexattr": 14,
    "lremovexattr": 15,
    "fremovexattr": 16,
    "ioprio_set": 30,
    "mknodat": 33,
    "umount2": 39,
    "mount": 40,
    "pivot_root": 41,
    "chroot": 51,
    "fchmod": 52,
    "fchmodat": 53,
    "fchownat": 54,
    "fchown": 55,
    "openat": 56,
    "quotactl": 60,
    "vmsplice": 75,
    "utimensat": 88,
    "acct": 89,
    "personality": 92,
    "unshare": 97,
    "kexec_load": 104,
    "init_module": 105,
    "delete_module": 106,
    "clock_settime": 112,
    "syslog": 116,
    "ptrace": 117,
    "sched_setparam": 118,
    "sched_setscheduler": 119,
    "sched_setaffinity": 122,
    "kill": 129,
    "tkill": 130,
    "tgkill": 131,
    "rt_sigqueueinfo": 138,
    "setpriority": 140,
    "reboot": 142,
    "setregid": 143,
    "setgid": 144,
    "setreuid": 145,
    "setuid": 146,
    "setresuid": 147,
    "setresgid": 149,
    "setfsuid": 151,
    "setfsgid": 152,
    "setpgid": 154,
    "setsid": 157,
    "setgroups": 159,
    "sethostname": 161,
    "setdomainname": 162,
    "prctl": 167,
    "settimeofday": 170,
    "mq_open": 180,
    "msgget": 186,
    "msgctl": 187,
    "msgrcv": 188,
    "msgsnd": 189,
    "semget": 190,
    "semctl": 191,
    "semtimedop": 192,
    "semop": 193,
    "shmget": 194,
    "shmctl": 195,
    "shmat": 196,
    "shmdt": 197,
    "socket": 198,
    "socketpair": 199,
    "bind": 200,
    "listen": 201,
    "connect": 203,
    "sendto": 206,
    "sendmsg": 211,
    "add_key": 217,
    "request_key": 218,
    "keyctl": 219,
    "clone": 220,
    "execve": 221,
    "mmap": 222,
    "swapon": 224,
    "swapoff": 225,
    "mlock": 228,
    "mlockall": 230,
    "rt_tgsigqueueinfo": 240,
    "perf_event_open": 241,
    "prlimit64": 261,
    "fanotify_init": 262,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "clock_adjtime": 266,
    "setns": 268,
    "sendmmsg": 269,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "kcmp": 272,
    "finit_module": 273,
    "sched_setattr": 274,
    "memfd_create": 279,
    "bpf": 280,
    "execveat": 281,
    "userfaultfd": 282,
    "mlock2": 284,
    "kexec_file_load": 294,
}
_COMMON = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_open": 434,
    "clone3": 435,
    "openat2": 437,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "fchmodat2": 452,
}
# fmt: on
"""Numbers above 423 are the same on every architecture."""

_TABLES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _ARM64)}
"""By machine: the audit architecture and the numbers."""

_SPECIAL = {"clone", "clone3", "kill", "tkill", "tgkill", "prlimit64", "mmap", "open", "openat"}
_SPECIAL |= {"fork", "vfork", "sched_setaffinity", "prctl", "sendto", "socketpair"}
"""Calls that are refused by their arguments, or only in the second filter."""

_libc = ctypes.CDLL(None, use_errno=True)


def supported() -> bool:
    """Whether this machine's system calls are known here."""
    return platform.system() == "Linux" and platform.machine() in _TABLES


def outer(pid: int | None = None) -> bytes:
    """The filter of every jail: no sockets, exec, namespaces, tracing, changed modes and the like.

    With `pid`, signals go to that process (oneself) alone; without, something else must confine
    them.
    """
    return _assemble(_base(pid))


def alone(pid: int | None = None) -> bytes:
    """The second filter: no new processes (threads remain), no shared memory; `pid` as above."""
    return _assemble(_alone(pid))


def install(program: bytes) -> None:
    """Put this process, all its threads included, under a filter; `OSError` if it is refused.

    Needs PR_SET_NO_NEW_PRIVS.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    number = ctypes.c_long(_SECCOMP[platform.machine()])
    if _libc.syscall(number, _SET_MODE_FILTER, _ALL_THREADS, header):
        raise OSError(ctypes.get_errno(), _("the seccomp filter was refused"))


def _assemble(body: Iterable[Instruction]) -> bytes:
    if not supported():
        said = _("no system call table for {machine}").format(machine=platform.machine())
        raise OSError(said)
    parts = (*_prologue(), *body, _ret(_ALLOW))
    return b"".join(struct.pack("HBBI", *part) for part in parts)


def _numbers() -> dict[str, int]:
    return {**_TABLES[platform.machine()][1], **_COMMON}


def _ret(action: int) -> Instruction:
    return (_RET, 0, 0, action)


_REFUSE = _ret(_ERRNO | errno.EPERM)
_MISSING = _ret(_ERRNO | errno.ENOSYS)


def _prologue() -> Iterator[Instruction]:
    """Refuse foreign architectures (and x32) altogether, then load the call's number."""
    yield (_LD_ABS, 0, 0, _ARCHITECTURE)
    yield (_JEQ, 1, 0, _TABLES[platform.machine()][0])
    yield _REFUSE
    yield (_LD_ABS, 0, 0, _NUMBER)
    if platform.machine() == "x86_64":
        yield (_JGE, 0, 1, _X32)
        yield _REFUSE


def _argument(index: int) -> Instruction:
    """Load the low half of an argument (both architectures are little-endian)."""
    return (_LD_ABS, 0, 0, _ARGUMENTS + 8 * index)


def _when(name: str, block: list[Instruction]) -> Iterator[Instruction]:
    """`block` if the call is `name`; a block ends the filter, one way or the other."""
    number = _numbers().get(name)
    if number is not None:
        yield (_JEQ, 0, len(block), number)
        yield from block


def _base(pid: int | None) -> Iterator[Instruction]:
    numbers = _numbers()
    for name in sorted(set(numbers) - _SPECIAL):
        yield from _when(name, [_MISSING if name == "openat2" else _REFUSE])
    yield from _when("clone3", [_MISSING])
    yield from _when("clone", _clone())
    yield from _when("socketpair", _socketpair())
    # Connected sockets need no address; four bytes say how long it is.
    yield from _when("sendto", [_argument(5), (_JEQ, 1, 0, 0), _REFUSE, _ret(_ALLOW)])
    yield from _when("prctl", _prctl())
    for name, flags in (("open", 1), ("openat", 2)):
        unsupported = _ret(_ERRNO | errno.EOPNOTSUPP)
        yield from _when(
            name, [_argument(flags), (_JSET, 0, 1, _O_TMPFILE), unsupported, _ret(_ALLOW)]
        )
    # Limits and affinity of oneself alone, which is process 0; hard limits can only be lowered.
    for name in ("prlimit64", "sched_setaffinity"):
        own = [_argument(0), (_JEQ, 1, 0, 0), _REFUSE, _ret(_ALLOW)]
        yield from _when(name, own)
    if pid is not None:
        yield from _signals(pid)
    else:
        # Never to whole groups: these are negative numbers.
        yield from _when("kill", [_argument(0), (_JGE, 0, 1, 1 << 31), _REFUSE, _ret(_ALLOW)])


def _clone() -> list[Instruction]:
    """No namespaces, and no thread with descriptors of its own, where nobody would look."""
    return [
        _argument(0),
        (_JSET, 3, 0, _NAMESPACES),
        (_JSET, 0, 1, _CLONE_THREAD),
        (_JSET, 0, 1, _CLONE_FILES),
        _ret(_ALLOW),
        _REFUSE,
    ]


def _socketpair() -> list[Instruction]:
    """Streams alone: a datagram socket can send to any address without connecting."""
    return [
        _argument(0),
        (_JEQ, 0, 3, _AF_UNIX),
        _argument(1),
        (_JSET, 1, 0, _NO_STREAM),
        _ret(_ALLOW),
        _REFUSE,
    ]


def _prctl() -> list[Instruction]:
    """What changes nothing; never the order to die with the parent."""
    rest = len(_HARMLESS_OPTIONS)
    tests = [(_JEQ, rest - n, 0, option) for n, option in enumerate(_HARMLESS_OPTIONS)]
    return [_argument(0), *tests, _REFUSE, _ret(_ALLOW)]


def _signals(pid: int) -> Iterator[Instruction]:
    """Signals to oneself alone; `tkill` has no place for the process and is refused."""
    for name in ("kill", "tgkill"):
        yield from _when(name, [_argument(0), (_JEQ, 0, 1, pid), _ret(_ALLOW), _REFUSE])
    yield from _when("tkill", [_REFUSE])


def _alone(pid: int | None) -> Iterator[Instruction]:
    yield from _when("fork", [_REFUSE])
    yield from _when("vfork", [_REFUSE])
    thread = [_argument(0), (_JSET, 1, 0, _CLONE_THREAD), _REFUSE, _ret(_ALLOW)]
    yield from _when("clone", thread)
    # Shared anonymous memory escapes RLIMIT_DATA, and without processes nobody could share it.
    shared, anonymous = _MAP_SHARED_ANONYMOUS
    yield from _when(
        "mmap",
        [
            _argument(3),
            (_JSET, 0, 2, shared),
            (_JSET, 0, 1, anonymous),
            _REFUSE,
            _ret(_ALLOW),
        ],
    )
    if pid is not None:
        yield from _signals(pid)

"""What a jail may use, and as whom: resource limits, user and capabilities.

All limits are set hard = soft. Nothing here is undone: a process that has gone through it stays
so until it exits.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quiz.language import _

if sys.platform != "win32":
    import resource

MIB = 1024 * 1024
FILE_SIZE = 32 * MIB
"""Bytes of one file a jail writes."""
FOLDER_SIZE = 256 * MIB
"""Bytes of all that a jail stores, with a name or without."""
DESCRIPTORS = 256
THREADS = 64
"""Threads and processes beyond those the user has already."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_DAC_READ_SEARCH = 2
_FIRST_UID = 0x60000000
"""Far from any user that exists; each jail adds its process id, so that its limits are its own."""
_NOBODY = 65534

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one job, as its message's header gives them."""

    memory: int
    """MiB beyond what the jail holds before the job."""
    output: int
    """Bytes that may be printed."""
    processes: bool
    """Whether new processes may be started."""


def limits_from_json(data: object) -> Limits:
    """The limits in a job's header; the defaults for what is missing or no number."""
    given = data if isinstance(data, dict) else {}
    memory, output = given.get("memory"), given.get("output")
    return Limits(
        memory=memory if type(memory) is int and memory > 0 else 1024,
        output=output if type(output) is int and output >= 0 else MIB,
        processes=given.get("processes") is True,
    )


def _prctl(option: int, *arguments: int) -> None:
    if sys.platform == "linux":
        padded = (*arguments, 0, 0, 0, 0)[:4]
        if _libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)):
            said = _("{call} was refused").format(call=f"prctl {option}")
            raise OSError(ctypes.get_errno(), said)


def die_with_parent(parent: int) -> None:
    """This process is killed when `parent` (its parent now) ends, however that ends."""
    if sys.platform == "win32":
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def adopt_orphans() -> None:
    """Descendants whose parent has ended become this process's children."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def undumpable() -> None:
    """Others of the same user can neither trace this process nor read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def no_new_privileges() -> None:
    """No program started from here gains rights; Landlock and seccomp ask for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def threads_of_user() -> int:
    """Threads of this user on the machine: RLIMIT_NPROC counts them all."""
    total, uid = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if folder.stat().st_uid == uid:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += int(fields[17])
    return total


def limit_resources() -> None:
    """Everything that does not depend on the job."""
    if sys.platform == "win32":
        return
    limits = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": FILE_SIZE,
        "RLIMIT_NOFILE": DESCRIPTORS,
        "RLIMIT_MEMLOCK": 64 * 1024,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_RTPRIO": 0,
        "RLIMIT_SIGPENDING": 1024,
        "RLIMIT_NICE": 0,
    }
    if sys.platform == "linux":
        # Root is about to become a user who has nothing running.
        limits["RLIMIT_NPROC"] = THREADS + (threads_of_user() if os.geteuid() else 0)
    for name, value in limits.items():
        if (kind := getattr(resource, name, None)) is not None:
            _lower(kind, value)


def limit_memory(mebibytes: int) -> None:
    """So much private memory beyond what is mapped already (RLIMIT_AS would break CUDA)."""
    if sys.platform == "linux":
        data = data_pages() * resource.getpagesize()
        _lower(resource.RLIMIT_DATA, data + mebibytes * MIB)


_STATM = Path("/proc/self/statm")
_statm: list[int] = []


def open_statm() -> None:
    """Keep `/proc/self/statm` open, to be read when `/proc` itself no longer can be."""
    if sys.platform == "linux" and not _statm:
        _statm.append(os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC))


def data_pages() -> int:
    """Private writable pages mapped by this process, as RLIMIT_DATA counts them."""
    text = os.pread(_statm[0], 256, 0) if _statm else _STATM.read_bytes()
    return int(text.split()[5])


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))


def readable_by_all(paths: Iterable[str]) -> bool:
    """Whether a user who owns nothing could read all of these files."""
    for path in map(Path, paths):
        try:
            if not path.stat().st_mode & 0o004:
                return False
            if not all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents):
                return False
        except OSError:
            return False
    return True


def become_nobody(folder: str, *, read_everything: bool) -> str:
    """Root gives up its user and its capabilities; others have nothing to give up.

    `folder` is handed to the new user. With `read_everything` one capability is kept: to read
    files whatever their modes say (Landlock decides which), for a Python that only root can read.
    Returns what was done, for a report; raises `OSError` where it could not be.
    """
    if os.geteuid() != 0:
        return _("an ordinary user")
    _prctl(_PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    _prctl(_PR_SET_KEEPCAPS, int(read_everything))
    for uid in (_FIRST_UID + os.getpid(), _NOBODY):
        try:
            os.chown(folder, uid, uid)
            with contextlib.suppress(OSError):
                os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            break
        except OSError:
            continue
    _set_capabilities(1 << _DAC_READ_SEARCH if read_everything else 0)
    if os.getuid() == 0:
        return _("root without capabilities")
    return _("user {number}").format(number=os.getuid())


def _set_capabilities(mask: int) -> None:
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    data = struct.pack("6I", mask, mask, 0, 0, 0, 0)
    if _libc.capset(header, data):
        raise OSError(ctypes.get_errno(), _("capabilities could not be given up"))

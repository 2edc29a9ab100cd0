"""The jail: how a process gives up everything but computing, and proves that it did.

`enter` is called once, by a process that has everything it needs imported and opened. From then
on it may read Python and its packages, write its own folder and the pipe to the judge, and
nothing else. It then tries what must fail, and reports which layers truly hold.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import site
import socket
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quiz.grade import limits

if sys.platform != "win32":
    import resource
if sys.platform == "linux":
    from quiz.grade import landlock, seccomp

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Layer:
    """One wall of the jail, tested from the inside."""

    name: str
    holds: bool
    detail: str = ""


def layers_to_json(layers: Iterable[Layer]) -> list[dict[str, Any]]:
    """For the message that says a jail is ready."""
    return [asdict(layer) for layer in layers]


def layers_from_json(data: object) -> tuple[Layer, ...]:
    """The inverse of `layers_to_json`."""
    items = data if isinstance(data, list) else []
    return tuple(
        Layer(str(item.get("name")), item.get("holds") is True, str(item.get("detail")))
        for item in items
        if isinstance(item, Mapping)
    )


NAMES = ("files", "system calls", "user", "limits")
"""The layers, in the order of a report."""


def readable() -> tuple[str, ...]:
    """What code in a jail may read: Python, its packages, and the little that torch looks up."""
    python = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    python |= {*site.getsitepackages(), site.getusersitepackages()}
    python |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    libraries = {"/usr/lib", "/usr/lib64", "/lib", "/lib64", str(Path(sys.base_prefix) / "lib")}
    modules = {_PACKAGE / name for name in ("__init__.py", "errors.py", "grade", "model")}
    paths = {Path(path) for path in python | libraries if path}
    granted = {part for path in paths for part in _without_us(path)}
    top = {path for path in granted if not granted.intersection(path.parents)}
    return (*sorted(map(str, top | modules)), *_SYSTEM)


_SYSTEM = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup/cpu.max",
    "/dev/urandom",
    "/dev/random",
)


def _without_us(folder: Path) -> Iterable[Path]:
    """`folder`, or all in it but this package: that carries decks, and so solutions."""
    folder = folder.resolve()
    if folder == _PACKAGE or not folder.exists():
        return
    if folder not in _PACKAGE.parents:
        yield folder
        return
    for entry in folder.iterdir():
        yield from _without_us(entry)


def enter(
    folder: str,
    *,
    parent: int,
    paths: Iterable[str],
    devices: Iterable[str] = (),
    off: frozenset[str] = frozenset(),
) -> tuple[Layer, ...]:
    """Lock this process in, as far as the system goes; never raises for a layer that is missing.

    `folder` becomes home, temporary and working folder; `paths` stay readable; the process ends
    with `parent`; `off` names layers to leave out, to see what the others do.
    """
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, USER="quiz", LOGNAME="quiz")
    limits.open_statm()
    results = {name: _attempt(name, off, folder, paths, devices) for name in ("limits", "user")}
    # Only now: a change of user undoes both.
    limits.undumpable()
    limits.die_with_parent(parent)
    limits.no_new_privileges()
    results["files"] = _attempt("files", off, folder, paths, devices)
    results["system calls"] = _attempt("system calls", off, folder, paths, devices)
    return tuple(_tested(name, *results[name]) for name in NAMES)


def _attempt(
    name: str, off: frozenset[str], folder: str, paths: Iterable[str], devices: Iterable[str]
) -> tuple[bool, str]:
    if name in off:
        return False, "switched off"
    if sys.platform != "linux" and name != "limits":
        return False, f"not on {sys.platform}"
    try:
        return True, _ENTER[name](folder, paths, devices)
    except OSError as error:
        return False, str(error)


def _enter_limits(folder: str, paths: Iterable[str], devices: Iterable[str]) -> str:
    limits.limit_resources()
    return "memory, files, processes"


def _enter_user(folder: str, paths: Iterable[str], devices: Iterable[str]) -> str:
    return limits.become_nobody(folder, read_everything=not limits.readable_by_all(_needed()))


def _needed() -> tuple[str, ...]:
    return (
        os.__file__,
        __file__,
        *filter(None, [getattr(sys.modules.get("torch"), "__file__", None)]),
    )


def _enter_files(folder: str, paths: Iterable[str], devices: Iterable[str]) -> str:
    abi = landlock.restrict(read=paths, write=[folder], devices=["/dev/null", *devices])
    return f"Landlock {abi}"


def _enter_calls(folder: str, paths: Iterable[str], devices: Iterable[str]) -> str:
    confined = landlock.version() >= 6
    seccomp.install(seccomp.outer(signals=confined))
    return "seccomp"


_ENTER = {
    "limits": _enter_limits,
    "user": _enter_user,
    "files": _enter_files,
    "system calls": _enter_calls,
}


def _tested(name: str, entered: bool, detail: str) -> Layer:
    if not entered:
        return Layer(name, holds=False, detail=detail)
    leak = _TESTS[name]()
    return Layer(name, holds=not leak, detail=leak or detail)


def _test_files() -> str:
    for path in ("/etc/passwd", "/proc/self/environ", str(_PACKAGE.parent)):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except PermissionError:
            continue
        except OSError:
            continue
        return f"{path} can be read"
    return ""


def _test_calls() -> str:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except PermissionError:
        pass
    else:
        return "a socket can be opened"
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return ""
    return "other processes can be signalled"


def _test_user() -> str:
    return "still root" if os.getuid() == 0 else ""


def _test_limits() -> str:
    if sys.platform == "win32":
        return "not on Windows"
    kinds = (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    unbound = any(resource.getrlimit(kind)[1] == resource.RLIM_INFINITY for kind in kinds)
    return "a limit was not accepted" if unbound else ""


_TESTS = {
    "files": _test_files,
    "system calls": _test_calls,
    "user": _test_user,
    "limits": _test_limits,
}


def explain(error: OSError) -> str:
    """What the jail refused, in words for a learner; empty if the error is not the jail's doing."""
    if error.errno not in (errno.EPERM, errno.EACCES):
        return ""
    if error.filename is not None:
        return (
            f"reading or writing {os.fsdecode(error.filename)!s}"
            if isinstance(error.filename, str | bytes)
            else "a file outside its folder"
        )
    return "a system call that computing does not need"


def reset_signals() -> None:
    """Every signal does what it does in a fresh Python."""
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            if number == signal.SIGINT:
                signal.signal(number, signal.default_int_handler)
            elif number not in (signal.SIGPIPE, getattr(signal, "SIGXFSZ", None)):
                signal.signal(number, signal.SIG_DFL)

"""The jail: how a process gives up everything but computing, and proves that it did.

`Confinement.enter` is called once, by a process that has everything it needs imported and opened.
From then on it may read Python and its packages, write its own folder and the pipe to the judge,
and nothing else. It then tries what must fail, and reports which layers truly hold.
"""

from __future__ import annotations

import errno
import os
import site
import socket
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quiz.grade import limits
from quiz.language import _, mark

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


NAMES = (mark("files"), mark("system calls"), mark("user"), mark("limits"))
"""The layers, in the order of a report; marked for the catalogue, as their details are in words."""


@dataclass(frozen=True, slots=True)
class Readable:
    """What code in a jail may read: Python, its packages, and the little that torch looks up."""

    trees: tuple[str, ...]
    """To be read, with all below."""
    lists: tuple[str, ...] = ()
    """Folders that may be listed, with all below, because something in them is imported."""


def readable() -> Readable:
    """What may be read on this machine."""
    python = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    python |= {*site.getsitepackages(), site.getusersitepackages()}
    python |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    libraries = {"/usr/lib", "/usr/lib64", "/lib", "/lib64", str(Path(sys.base_prefix) / "lib")}
    modules = {_PACKAGE / name for name in ("__init__.py", "errors.py", "grade", "model")}
    paths = {Path(path).resolve() for path in python | libraries if path}
    granted = {part for path in paths for part in _without_us(path)}
    top = {path for path in granted if not granted.intersection(path.parents)}
    lists = {str(path) for path in paths if path in _PACKAGE.parents}
    return Readable((*sorted(map(str, top | modules)), *_SYSTEM), tuple(sorted(lists)))


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
    if folder == _PACKAGE or not folder.exists():
        return
    if folder not in _PACKAGE.parents:
        yield folder
        return
    for entry in folder.iterdir():
        yield from _without_us(entry)


@dataclass(frozen=True, slots=True)
class Confinement:
    """A jail's walls as this machine can build them, worked out before any process enters."""

    readable: Readable
    devices: tuple[str, ...]
    """Device files to be used besides, for a GPU."""
    off: frozenset[str]
    """Layers to leave out, to see what the others do."""
    read_everything: bool
    """Whether Python lies where only root can read, so that a jail must keep that right."""
    outer: bytes = b""
    """The seccomp filters, where they need not know the process; else it makes its own."""
    alone: bytes = b""

    @classmethod
    def here(cls, off: Iterable[str] = (), devices: Iterable[str] = ()) -> Confinement:
        """For processes of this Python on this machine."""
        needed = [os.__file__, __file__, getattr(sys.modules.get("torch"), "__file__", None)]
        outer = alone = b""
        if _signals_confined() and seccomp.supported():
            outer, alone = seccomp.outer(), seccomp.alone()
        return cls(
            readable(),
            tuple(devices),
            frozenset(off),
            read_everything=not limits.readable_by_all(filter(None, needed)),
            outer=outer,
            alone=alone,
        )

    def enter(self, folder: str, *, parent: int) -> tuple[Layer, ...]:
        """Lock this process in, as far as the system goes; never raises for what is missing.

        `folder` becomes home, temporary and working folder; the process ends with `parent`.
        """
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder, USER="quiz", LOGNAME="quiz")
        tempfile.tempdir = folder
        limits.open_statm()
        results = {
            "limits": self._attempt("limits", self._enter_limits),
            "user": self._attempt("user", lambda: self._enter_user(folder)),
        }
        # Only now: a change of user undoes these.
        limits.die_with_parent(parent)
        limits.no_new_privileges()
        results["files"] = self._attempt("files", lambda: self._enter_files(folder))
        if not results["files"][0]:
            # Landlock lets no jail look into another; without it nobody of the same user may,
            # not even who watches the jail and would see what files it holds open.
            limits.undumpable()
        results["system calls"] = self._attempt("system calls", self._enter_calls)
        return tuple(_tested(name, *results[name]) for name in NAMES)

    def tighten(self, *, memory: int, processes: bool) -> None:
        """The limits of the job (MiB), and no new processes unless it needs them."""
        if "limits" not in self.off and not self.devices:
            limits.limit_memory(memory)
        if not processes and self.filters:
            seccomp.install(self.alone or seccomp.alone(os.getpid()))

    @property
    def filters(self) -> bool:
        """Whether system calls are filtered, so that no process can be started unasked."""
        return "system calls" not in self.off and sys.platform == "linux" and seccomp.supported()

    def _attempt(self, name: str, step: Callable[[], str]) -> tuple[bool, str]:
        if name in self.off:
            return False, _("switched off")
        if sys.platform != "linux" and name != "limits":
            return False, _("not on {system}").format(system=sys.platform)
        try:
            return True, step()
        except OSError as error:
            return False, str(error)

    def _enter_limits(self) -> str:
        limits.limit_resources()
        return _("memory, files, processes")

    def _enter_user(self, folder: str) -> str:
        return limits.become_nobody(folder, read_everything=self.read_everything)

    def _enter_files(self, folder: str) -> str:
        abi = landlock.restrict(
            read=self.readable.trees,
            lists=self.readable.lists,
            write=[folder],
            devices=["/dev/null", *self.devices],
        )
        return f"Landlock {abi}"

    def _enter_calls(self) -> str:
        own = None if "files" not in self.off and _signals_confined() else os.getpid()
        seccomp.install(self.outer if own is None else seccomp.outer(own))
        return "seccomp"


def _signals_confined() -> bool:
    """Whether Landlock keeps signals inside the jail."""
    return sys.platform == "linux" and landlock.version() >= 6


def _tested(name: str, entered: bool, detail: str) -> Layer:
    if not entered:
        return Layer(name, holds=False, detail=detail)
    leak = _TESTS[name]()
    return Layer(name, holds=not leak, detail=leak or detail)


def _test_files() -> str:
    for path in ("/etc/passwd", "/proc/self/environ", str(_PACKAGE.parent)):
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            continue
        return _("{path} can be read").format(path=path)
    return ""


def _test_calls() -> str:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except PermissionError:
        pass
    else:
        return _("a socket can be opened")
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return ""
    return _("other processes can be signalled")


def _test_user() -> str:
    return _("still root") if os.getuid() == 0 else ""


def _test_limits() -> str:
    if sys.platform == "win32":
        return _("not on {system}").format(system="Windows")
    kinds = (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    unbound = any(resource.getrlimit(kind)[1] == resource.RLIM_INFINITY for kind in kinds)
    return _("a limit was not accepted") if unbound else ""


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
        if not isinstance(error.filename, str | bytes):
            return _("a file outside its folder")
        return _("reading or writing {file}").format(file=os.fsdecode(error.filename))
    return _("a system call that computing does not need")

"""The jail's layers, tried from the inside by real processes, each layer also alone."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from quiz.grade import landlock, limits, seccomp
from quiz.grade.jail import NAMES, Confinement, Layer, layers_from_json, layers_to_json, readable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers of Linux")


REFUSED = "PermissionError"


def inside(work: Callable[[], object], *, off: frozenset[str] = frozenset()) -> object:
    """What `work` returns in a jailed child, or the name of the error it raised."""
    confinement = Confinement.here(off)
    parent = os.getpid()
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            try:
                layers = confinement.enter(folder, parent=parent)
                confinement.tighten(memory=256, processes=False)
                given = {"layers": layers_to_json(layers), "result": attempt(work)}
                os.write(writing, json.dumps(given).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = json.loads(pipe.read())
        os.waitpid(pid, 0)
    return said["layers"] if work is nothing else said["result"]


def nothing() -> None:
    """Only the layers are asked for."""


def attempt(work: Callable[[], object]) -> object:
    try:
        return work()
    except BaseException as error:
        return type(error).__name__


def test_every_layer_holds_and_says_so() -> None:
    layers = layers_from_json(inside(nothing))
    assert [layer.name for layer in layers] == list(NAMES)
    assert [layer for layer in layers if not layer.holds] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_switched_off_is_reported_and_the_others_still_hold(name: str) -> None:
    layers = layers_from_json(inside(nothing, off=frozenset([name])))
    held = {layer.name: layer.holds for layer in layers}
    assert held.pop(name) is False
    assert all(held.values()), layers


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/maps", "/proc/1/environ", "/"])
def test_what_is_not_pythons_cannot_be_read(path: str) -> None:
    assert inside(lambda: os.open(path, os.O_RDONLY)) == "PermissionError"


def test_the_card_files_cannot_be_read_wherever_they_are(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("the solution")
    assert inside(card.read_text) == "PermissionError"
    package = Path(seccomp.__file__).parents[1]
    assert str(package) not in readable().trees
    assert not any(Path(tree) in package.parents for tree in readable().trees)


def test_a_package_not_imported_yet_still_can_be() -> None:
    assert inside(lambda: len(__import__("colorsys").__name__)) == len("colorsys")
    assert inside(lambda: __import__("hypothesis.strategies").__name__) == "hypothesis"


def test_its_own_folder_is_home_and_can_be_written() -> None:
    def work() -> object:
        Path("x").write_text("1")
        return Path.home() == Path.cwd() == Path(tempfile.gettempdir()) and Path("x").read_text()

    assert inside(work) == "1"


def test_a_process_cannot_be_started_but_a_thread_can() -> None:
    def thread() -> object:
        import threading

        done: list[int] = []
        worker = threading.Thread(target=done.append, args=(1,))
        worker.start()
        worker.join()
        return done

    assert inside(os.fork) == "PermissionError"
    assert inside(thread) == [1]


def test_a_soft_limit_cannot_be_raised() -> None:
    import resource

    def work() -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))
        return "raised"

    assert inside(work) in ("PermissionError", "ValueError")


def test_memory_beyond_the_limit_is_refused_politely() -> None:
    assert inside(lambda: len(bytearray(1 << 30))) == "MemoryError"
    assert inside(lambda: len(bytearray(1 << 27))) == 1 << 27


@pytest.mark.parametrize("call", ["ptrace", "unshare", "bpf", "keyctl", "io_uring_setup"])
def test_system_calls_that_computing_does_not_need_are_refused(call: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    number = seccomp._numbers()[call]

    def work() -> object:
        return libc.syscall(number, 0, 0, 0, 0) == -1 and ctypes.get_errno()

    assert inside(work) == errno.EPERM


def test_pairs_of_sockets_are_streams_that_send_to_each_other_alone(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outside:
        path = str(tmp_path / "socket")
        outside.bind(path)
        Path(path).chmod(0o777)

        def exchange() -> object:
            left, right = socket.socketpair()
            left.sendall(b"hello")
            return right.recv(9).decode()

        kinds = (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW)
        assert inside(exchange) == "hello"
        for kind in kinds:
            assert inside(partial(socket.socketpair, socket.AF_UNIX, kind)) == REFUSED
        tipc = 30
        assert inside(lambda: socket.socketpair(tipc, socket.SOCK_STREAM)) == REFUSED
        assert inside(lambda: socket.socketpair()[0].sendto(b"x", path)) == REFUSED
        assert inside(lambda: socket.socketpair()[0].sendmsg([b"x"], [], 0, path)) == REFUSED
        outside.setblocking(False)
        with pytest.raises(BlockingIOError):
            outside.recv(9)


def test_the_order_to_die_with_the_parent_cannot_be_shed_but_a_thread_can_be_named() -> None:
    libc = ctypes.CDLL(None, use_errno=True)

    def ask(option: int, argument: object) -> object:
        return libc.prctl(option, argument, 0, 0, 0) and ctypes.get_errno()

    death, dumpable, name, subreaper = 1, 4, 15, 36
    for option in (death, dumpable, subreaper):
        assert inside(partial(ask, option, 0)) == errno.EPERM
    assert inside(lambda: ask(name, b"worker")) == 0


def test_a_thread_has_no_descriptors_of_its_own() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    memory, signals, thread = 0x100, 0x800, 0x10000

    def work() -> object:
        number = seccomp._numbers()["clone"]
        return libc.syscall(number, memory | signals | thread, 0, 0, 0, 0), ctypes.get_errno()

    assert inside(work) == [-1, errno.EPERM]


def test_a_landlocked_kernel_tells_its_version() -> None:
    assert landlock.version() >= 1


def test_limits_are_read_from_a_job_with_defaults_for_nonsense() -> None:
    assert limits.limits_from_json({"memory": 5, "output": 7, "processes": True}) == limits.Limits(
        5, 7, processes=True
    )
    assert limits.limits_from_json({"memory": "x", "output": -1, "processes": 1}) == limits.Limits(
        1024, limits.MIB, processes=False
    )
    assert limits.limits_from_json(None).memory == 1024


def test_layers_survive_the_wire() -> None:
    layers = (Layer("files", True, "Landlock 7"), Layer("user", False, "no"))
    assert layers_from_json(json.loads(json.dumps(layers_to_json(layers)))) == layers
    assert layers_from_json("nonsense") == ()

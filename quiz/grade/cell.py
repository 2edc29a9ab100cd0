"""The life of one child: lock in, say so, wait for the job, do it, leave.

What a jail and the judge do once they are processes of their own, forked or started fresh.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass

from quiz.grade import jail, limits, seccomp
from quiz.grade.channel import Channel, ClosedError, redirect
from quiz.grade.judging import Bench
from quiz.grade.protocol import Message

WHERE_SIGNAL = 63 if sys.platform == "linux" else int(getattr(signal, "SIGUSR1", 0))
"""Makes a jail write down where it is: the last but one real-time signal, that nobody uses."""
BROKEN = 70
"""Exit status of a child that failed on our side."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a child lives."""

    folder: str
    parent: int
    paths: tuple[str, ...]
    devices: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()


def live_as_jail(channel: Channel, cell: Cell, *, printing: int, tracing: int) -> None:
    """Run one job, and never return."""
    status = BROKEN
    try:
        from quiz.grade import runner  # imports torch, as the application must not

        redirect(printing)
        channel.use_standard_streams()
        if WHERE_SIGNAL:
            faulthandler.register(WHERE_SIGNAL, file=tracing, all_threads=False)
        layers = _lock(cell)
        second = seccomp.alone() if _holds(layers) else b""
        channel.send(Message({"t": "ready", "layers": jail.layers_to_json(layers)}))
        job = channel.receive()
        given = limits.limits_from_json(job.header.get("limits"))
        channel.output = given.output
        if "limits" not in cell.off and not cell.devices:
            limits.limit_memory(given.memory)
        if second and not given.processes:
            seccomp.install(second)
        channel.unread(job)
        runner.run(channel)
        status = 0
    except ClosedError:
        status = 0
    except BaseException:
        os.write(tracing, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(status)


def live_as_judge(channel: Channel, cell: Cell) -> None:
    """Answer the application until it goes, and never return."""
    status = BROKEN
    try:
        bench = Bench()
        layers = _lock(cell)
        channel.send(Message({"t": "ready", "layers": jail.layers_to_json(layers)}))
        while True:
            if (reply := bench.answer(channel.receive())) is not None:
                channel.send(reply)
    except ClosedError:
        status = 0
    finally:
        os._exit(status)


def _lock(cell: Cell) -> tuple[jail.Layer, ...]:
    return jail.enter(
        cell.folder,
        parent=cell.parent,
        paths=cell.paths,
        devices=cell.devices,
        off=cell.off,
    )


def _holds(layers: Iterable[jail.Layer]) -> bool:
    return any(layer.name == "system calls" and layer.holds for layer in layers)

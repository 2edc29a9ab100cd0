"""The life of one child: lock in, say so, wait for the job, do it, leave.

What a jail and the judge do once they are processes of their own, forked or started fresh.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import traceback
from dataclasses import dataclass

from quiz.grade import jail, limits
from quiz.grade.channel import Channel, ClosedError, redirect
from quiz.grade.judging import Bench
from quiz.grade.protocol import BROKEN, Message

WHERE_SIGNAL = 63 if sys.platform == "linux" else int(getattr(signal, "SIGUSR1", 0))
"""Makes a jail write down where it is: the last but one real-time signal, that nobody uses."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one child lives."""

    confinement: jail.Confinement
    folder: str
    parent: int

    def lock(self) -> tuple[jail.Layer, ...]:
        return self.confinement.enter(self.folder, parent=self.parent)


def live_as_jail(channel: Channel, cell: Cell, *, printing: int, tracing: int) -> None:
    """Run one job, and never return."""
    status = BROKEN
    try:
        # It imports torch, as the application must not.
        from quiz.grade import runner

        redirect(printing)
        channel.use_standard_streams()
        if WHERE_SIGNAL and sys.platform != "win32":
            faulthandler.register(WHERE_SIGNAL, file=tracing, all_threads=False)
        layers = cell.lock()
        channel.send(Message({"t": "ready", "layers": jail.layers_to_json(layers)}))
        job = channel.receive()
        given = limits.limits_from_json(job.header.get("limits"))
        channel.output = given.output
        cell.confinement.tighten(memory=given.memory, processes=given.processes)
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
        layers = cell.lock()
        channel.send(Message({"t": "ready", "layers": jail.layers_to_json(layers)}))
        while True:
            if (reply := bench.answer(channel.receive())) is not None:
                channel.send(reply)
    except ClosedError:
        status = 0
    finally:
        os._exit(status)

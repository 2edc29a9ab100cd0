"""One jail or judge as a program of its own, for where it cannot be forked from a zygote.

CUDA and MPS cannot be forked once they are initialised, and Windows cannot fork at all. Such a
process imports torch, makes its context on the device, locks itself in and serves one grade. It
speaks through its standard input and output.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from quiz import language
from quiz.grade import cell, jail
from quiz.grade.channel import Channel, Descriptors
from quiz.grade.protocol import MAX_BLOBS, MAX_RELAY, Message
from quiz.language import _

_DEVICE_FILES = ("nvidia*", "nvidia-caps/*", "kfd", "dri/*", "dxg")
"""Below /dev: what a GPU is used through on Linux."""


def main() -> None:
    """Entry of `python -m quiz.grade.single`."""
    parser = argparse.ArgumentParser(prog="quiz.grade.single")
    parser.add_argument("kind", choices=("jail", "judge"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--printing", type=Path, required=True)
    parser.add_argument("--tracing", type=Path, required=True)
    parser.add_argument("--off", default="")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    pipe = Descriptors(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    printing, tracing = (_appending(path) for path in (options.printing, options.tracing))
    blobs = MAX_RELAY if options.kind == "judge" else MAX_BLOBS
    channel = Channel(pipe, tmp=options.folder, printing=printing, max_blobs=blobs)
    device = options.device if options.kind == "jail" else "cpu"
    try:
        language.load(options.language)
        load(device)
    except Exception as error:
        missing = error.name if isinstance(error, ImportError) else None
        channel.send(Message({"t": "failed", "why": str(error), "missing": missing}))
        sys.exit(1)
    confinement = jail.Confinement.here(filter(None, options.off.split(",")), _files(device))
    own = cell.Cell(confinement, options.folder, os.getppid())
    if options.kind == "judge":
        cell.live_as_judge(channel, own)
    cell.live_as_jail(channel, own, printing=printing, tracing=tracing)


def load(device: str) -> None:
    """Import torch and all a grade needs; make the context on the device and its libraries."""
    import torch

    # More than one thread would hang every child that is forked from here.
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    from quiz.grade import practice

    practice.practise()
    if device != "cpu":
        try:
            square = torch.ones(8, 8, device=device)
            (square @ square).sum().item()
        except Exception as error:
            # Pages of torch's own state would follow.
            first = str(error).strip().partition("\n")[0].partition(". ")[0]
            said = _("torch cannot use {device} here: {why}")
            raise RuntimeError(said.format(device=device, why=first[:150])) from error


def _files(device: str) -> list[str]:
    if not device.startswith("cuda"):
        return []
    return sorted(str(path) for name in _DEVICE_FILES for path in Path("/dev").glob(name))


def _appending(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)


if __name__ == "__main__":
    main()

"""`quiz` in a process of its own that need not load the program first.

A command takes a third of a second to load and some hundredths to run. Python's fork server loads
it once for all tests of a worker; each command is then a fork of it, with its own arguments,
environment, folder and standard streams, which ends as the program does.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_LOADED = (
    "quiz.cli.acting",
    "quiz.cli.checking",
    "quiz.cli.data",
    "quiz.cli.grading",
    "quiz.cli.keeping",
    "quiz.cli.main",
    "quiz.cli.reports",
    "quiz.cli.writing",
    "quiz.study.library",
)
_PATIENCE = 120.0

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([*_LOADED, __name__])


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str) -> int:
    """Runs a command in `folder`; its exit code, once `folder.out` and `.err` hold what it said."""
    streams = [folder.with_suffix(name) for name in (".in", ".out", ".err")]
    streams[0].write_text(stdin, encoding="utf-8")
    process = _server.Process(
        target=_command, args=(list(arguments), str(folder), dict(environment), list(streams))
    )
    process.start()
    process.join(_PATIENCE)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"quiz {' '.join(arguments)} does not end")
    return process.exitcode


def _command(
    arguments: list[str], folder: str, environment: dict[str, str], streams: list[Path]
) -> None:
    for number, stream in enumerate(streams):
        flags = os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(stream, flags), number)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, "rb" if not number else "wb"), "utf-8")  # noqa: PTH123, SIM115
        for number in range(3)
    )
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["quiz", *arguments]
    from quiz.cli.main import main

    main()

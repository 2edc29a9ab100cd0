"""One job under way in a jail: what every form of a question shares.

First the card's part: setup, and the cases, all of them drawn before the answer is even here, so
that nothing it does can change what it is asked. Then the code itself, once it is there. Everything
used after foreign code has run was taken before. What is sent here proves nothing by itself: the
judge alone knows what was expected.
"""

from __future__ import annotations

import dataclasses
import linecache
import math
import mmap
import random
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import torch

from quiz.grade import constraints, failures, native, objects, restore, source, workers
from quiz.grade.native import Foreign
from quiz.grade.protocol import Message
from quiz.grade.source import Snippet
from quiz.language import _

_MAX_PRINTED = 64 * 1024
_RESERVE = 4 << 20
"""Bytes, never written to, that are there to say so where the code has used up all others."""
_reseed_python, _reseed_torch = random.seed, torch.default_generator.manual_seed
# The public function would import the compiler, which takes longer than the grade.
_set_deterministic: Any = torch._C._set_deterministic_algorithms
_stdout, _stderr = sys.stdout, sys.stderr
_recursion_limit = sys.getrecursionlimit()
_PREDEFINED = ("torch", "nn", "F", "math", "device")
_AUTOMATIC = (*vars(types.ModuleType("")), "__builtins__", "__annotations__")
_set_recursion_limit, _settrace, _setprofile = sys.setrecursionlimit, sys.settrace, sys.setprofile


def _reserved() -> object:
    """Address space that counts and costs nothing; where there is a limit, which is on Linux."""
    if sys.platform != "linux":
        return None
    # From the heap it would be written over with zeros, page by page.
    return mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _is_own(value: Foreign) -> bool:
    """Whether this is a class that a snippet defines."""
    return native.descends(type, type(value)) and bool(native.module_of(value) == objects.SNIPPETS)


class Channel(Protocol):
    """The runner's way to the judge, and to what the code printed."""

    def receive(self) -> Message:
        """The judge's next message; blocks."""

    def send(self, message: Message) -> None: ...

    def printed(self) -> str:
        """Text written on descriptors 1 and 2 since the last call."""


class Stop(Exception):  # noqa: N818 — it ends the job and is no error
    """The job is over: its last message has been sent."""


class Execution:
    """One job under way; a subclass for each form says how its cases and its code are run."""

    __slots__ = (
        "channel",
        "code",
        "device",
        "job",
        "kept",
        "known",
        "limits",
        "module",
        "names",
        "restored",
        "seed",
        "snippets",
    )
    CHANGING: tuple[str, ...] = ("code", "kept")
    """Attributes that are set again while foreign code runs, so that they cannot be put back."""

    def __init__(
        self, channel: Channel, job: Mapping[str, Any], restored: Callable[[restore.Kept], object]
    ) -> None:
        self.channel = channel
        self.job = job
        self.limits: Mapping[str, Any] = job["limits"]
        self.seed: int = job["seed"]
        self.device: str = job["device"]
        self.snippets: dict[str, Snippet] = {}
        for name, part in job["snippets"].items():
            text = source.normalise(part["text"])
            self.snippets[name] = Snippet(text, name, part["line"])
        self.module = types.ModuleType("__main__")
        self.names: dict[str, Any] = vars(self.module)
        self.known: set[str] = set()
        """Names of the classes that the card's setup defines."""
        self.restored = restored
        """Takes back what foreign code replaced; to be fetched before that runs, called after."""

    def run(self) -> None:
        """Runs the card's part, waits for the code, and does with it what the form says."""
        self.keep()
        self.prepare()
        failed = self.card()
        order = self.job["order"] or self.channel.receive().header
        tree = self.checked(order)
        if failed is not None:
            self.report(*failed)
        self.printed()
        self.perform(tree)
        self.send("done", printed=self.printed())

    # -- what a form says

    def draw(self) -> None:
        """Runs the card's cases, where the form has any."""

    def announce(self) -> None:
        """Tells the judge what was drawn."""

    def perform(self, tree: Foreign) -> None:
        """Runs the code, whose syntax tree has been checked, and sends what came of it."""
        raise NotImplementedError

    # -- what every form does first

    def keep(self) -> None:
        """From now on these attributes, and the way to the judge, are put back where replaced."""
        channel = self.channel
        slots = [name for cls in type(self).__mro__ for name in getattr(cls, "__slots__", ())]
        steady = [name for name in slots if name not in self.CHANGING]
        pipe = getattr(channel, "_pipe", None)
        held = () if pipe is None else ((channel, ("_pipe",)), (pipe, tuple(vars(pipe))))
        streams = [(stream, ("__class__",)) for stream in getattr(channel, "_streams", ())]
        self.kept = restore.keep((self, steady), *held, *streams)

    def prepare(self) -> None:
        """The namespace with its predefined names."""
        # Memory that nobody wrote reads as NaN (or the largest integer), not as a lucky zero.
        _set_deterministic(True, warn_only=True)
        warnings.filterwarnings("ignore", message=".*deterministic")
        if self.device != "cpu":
            torch.set_default_device(self.device)
            torch.backends.cuda.matmul.allow_tf32 = False
            torch.backends.cudnn.allow_tf32 = False
        if self.limits.get("processes"):
            workers.allow()
        sys.modules["__main__"] = self.module
        self.names |= {
            "torch": torch,
            "nn": torch.nn,
            "F": torch.nn.functional,
            "math": math,
            "device": torch.device(self.device),
        }

    def card(self) -> tuple[str, failures.Failure] | None:
        """Runs the card's `setup` and draws its cases.

        A failure, with its phase, is only returned: that the code is no Python comes before it.
        """
        self.reseed(0)
        if "<setup>" in self.snippets:
            failure = self.attempt(lambda: self.execute(self.snippets["<setup>"]))
            if failure is not None:
                return "setup", failure
            self.known |= {native.name_of(cls) for cls in self.names.values() if _is_own(cls)}
        self.send("prepared")
        self.reseed(1)
        failure = self.attempt(self.draw)
        if failure is not None:
            return "cases", failure
        self.announce()
        return None

    def given(self) -> dict[str, Any]:
        """What the setup binds."""
        own = (*_PREDEFINED, *_AUTOMATIC)
        return {name: value for name, value in self.names.items() if name not in own}

    def checked(self, order: Mapping[str, Any]) -> Foreign:
        """The code's syntax tree, once it is Python and keeps to the question's constraints."""
        name = order["name"]
        self.code = Snippet(source.normalise(order["text"]), name, order["line"])
        self.snippets[name] = self.code
        try:
            tree = source.parse(self.code)
            source.compile_tree(tree, self.code)
        except SyntaxError as error:
            self.fail("syntax", error)
        breaches = constraints.check(
            tree,
            self.code.text,
            forbid=tuple(order["forbid"]),
            require=tuple(order["require"]),
            lines=order["max_lines"],
        )
        self.send("checked", breaches=[dataclasses.asdict(breach) for breach in breaches])
        if breaches:
            raise Stop
        return tree

    def execute(self, snippet: Snippet, tree: Foreign = None) -> None:
        """Runs a snippet in the job's namespace; its source is there for who looks for it."""
        lines = ["\n"] * (snippet.line - 1) + snippet.text.splitlines(keepends=True)
        linecache.cache[snippet.name] = (len(snippet.text), None, lines, snippet.name)
        code = source.compile_tree(tree or source.parse(snippet), snippet)
        exec(code, self.names)

    # -- running foreign code

    def guard(self, phase: str, action: Callable[[], None]) -> None:
        """Runs foreign code; where it fails, says so and ends the job."""
        failure = self.attempt(action)
        if failure is not None:
            self.report(phase, failure)

    def attempt(
        self, action: Callable[[], None], *, restores: bool = False
    ) -> failures.Failure | None:
        """Runs foreign code; what went wrong, or None.

        An action that `restores` has taken back itself what its foreign code had replaced.
        """
        restored, kept = self.restored, self.kept
        reserve: object = None
        try:
            reserve = _reserved()
            action()
        except Stop:
            raise
        except BaseException as error:
            del reserve
            self.flush()
            restored(kept)
            self.recover()
            return failures.describe(error, self.snippets, self.limits)
        if self.flush() or not restores:
            restored(kept)
        self.recover()
        return None

    def recover(self) -> None:
        """Takes back what foreign code may have done to the interpreter under our feet."""
        _set_recursion_limit(_recursion_limit)
        _settrace(None)
        _setprofile(None)

    def fail(self, phase: str, error: BaseException) -> None:
        """Ends the job with an error of the phase."""
        self.report(phase, failures.describe(error, self.snippets, self.limits))

    def report(self, phase: str, failure: failures.Failure) -> None:
        """Ends the job with a failure already described."""
        self.send("failed", phase=phase, failure=failure, printed=self.printed())
        raise Stop

    def reseed(self, step: int) -> None:
        """Both roles draw the same random numbers from here on, whatever was drawn before."""
        seed = (self.seed * 1_000_003 + step) % (1 << 63)
        _reseed_torch(seed)
        _reseed_python(seed)
        if self.device != "cpu":
            torch.manual_seed(seed)

    def flush(self) -> bool:
        """Brings buffered prints to their descriptors; whether foreign code had a part in it.

        Rests on no built-in name: those may still be replaced.
        """
        for stream in (_stdout, _stderr, sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                continue
        return sys.stdout is not _stdout or sys.stderr is not _stderr

    def printed(self) -> str:
        """What was printed since the last call, cut to what a learner would read."""
        text = self.channel.printed()
        if len(text) <= _MAX_PRINTED:
            return text
        left = _("… {n} more characters").format(n=len(text) - _MAX_PRINTED)
        return f"{text[:_MAX_PRINTED]}\n{left}"

    def send(self, kind: str, blobs: Iterable[bytes] = (), **header: Foreign) -> None:
        """Sends one message."""
        self.channel.send(Message({"t": kind, **header}, tuple(blobs)))

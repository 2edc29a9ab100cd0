"""What happens inside a jail: one job, run and reported, piece by piece.

First the card's part: setup; cases, all of them drawn before the answer is even here, so that
nothing it does can change what it is asked. Then the code itself, once it is there; then the calls.
Everything used after foreign code has run was taken before. What is sent here proves nothing by
itself: the judge alone knows what was expected.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import random
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import torch

from quiz import language
from quiz.grade import (
    channel as channels,
)
from quiz.grade import (
    constraints,
    encode,
    failures,
    gradients,
    inputs,
    native,
    protocol,
    restore,
    source,
    testing,
    values,
    weights,
    workers,
)
from quiz.grade.call import Call, call
from quiz.grade.native import Foreign
from quiz.grade.protocol import Message
from quiz.grade.source import Snippet

MAX_CASES = 200
_MAX_PRINTED = 64 * 1024
_deepcopy, _reseed_python = copy.deepcopy, random.seed
_reseed_torch = torch.default_generator.manual_seed
# The public function would import the compiler, which takes longer than the grade.
_set_deterministic: Any = torch._C._set_deterministic_algorithms
_stdout, _stderr = sys.stdout, sys.stderr
_recursion_limit = sys.getrecursionlimit()
_set_recursion_limit, _settrace, _setprofile = sys.setrecursionlimit, sys.settrace, sys.setprofile


class Channel(Protocol):
    """The runner's way to the judge, and to what the code printed."""

    def receive(self) -> Message:
        """The judge's next message; blocks."""

    def send(self, message: Message) -> None: ...

    def printed(self) -> str:
        """Text written on descriptors 1 and 2 since the last call."""


class _Stop(Exception):  # noqa: N818 — it ends the job and is no error
    """The job is over: its last message has been sent."""


def run(channel: Channel) -> None:
    """Does the job that the first message describes, and returns when it is over."""
    job = channel.receive().header
    try:
        Execution(channel, job).run()
    except _Stop:
        return


class Execution:
    """One job under way."""

    __slots__ = (
        "channel",
        "code",
        "device",
        "job",
        "kept",
        "limits",
        "module",
        "names",
        "restored",
        "seed",
        "snippets",
        "weights",
    )

    def __init__(self, channel: Channel, job: Mapping[str, Any]) -> None:
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
        self.weights: Message | None = None
        """What the judge sent last for a module to hold."""
        self.restored = _restored
        """Takes back what foreign code replaced; to be fetched before that runs, called after."""
        pipe = getattr(channel, "_pipe", None)
        steady = [name for name in self.__slots__ if name not in ("code", "kept", "weights")]
        held = () if pipe is None else ((channel, ("_pipe",)), (pipe, tuple(vars(pipe))))
        streams = [(stream, ("__class__",)) for stream in getattr(channel, "_streams", ())]
        self.kept = restore.keep((self, steady), *held, *streams)

    def run(self) -> None:
        """Runs the card's part, waits for the code, and does with it what the form says."""
        cases: list[Call] = []
        before: list[list[bytes]] = []
        self.prepare()
        failed = self.card(cases, before)
        order = self.job["order"] or self.channel.receive().header
        tree = self.checked(order)
        if failed is not None:
            self.report(*failed)
        self.printed()
        forms: dict[str, Callable[[Any], None]] = {
            "function": lambda tree: self.function(tree, cases, before),
            "script": self.script,
            "test": self.test,
            "predict": self.predict,
        }
        forms[self.job["form"]](tree)
        self.send("done", printed=self.printed())

    # -- what every form does first

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
            raise _Stop
        return tree

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

    def card(
        self, cases: list[Call], before: list[list[bytes]]
    ) -> tuple[str, failures.Failure] | None:
        """Runs the card's `setup` and draws its cases, with the fingerprints of their inputs.

        A failure, with its phase, is only returned: that the code is no Python comes before it.
        """
        self.reseed(0)
        if "<setup>" in self.snippets:
            failure = self.attempt(lambda: self.execute(self.snippets["<setup>"]))
            if failure is not None:
                return "setup", failure
        self.send("prepared")
        if self.job["form"] == "function":
            self.reseed(1)
            failure = self.attempt(lambda: self.draw(cases))
            if failure is not None:
                return "cases", failure
            before += [[inputs.digest(value) for _, value in case.inputs()] for case in cases]
            self.announce(cases, before)
        return None

    def execute(self, snippet: Snippet, tree: Foreign = None) -> None:
        """Runs a snippet in the job's namespace."""
        code = source.compile_tree(tree or source.parse(snippet), snippet)
        exec(code, self.names)

    # -- the forms

    def function(self, tree: Foreign, cases: list[Call], before: list[list[bytes]]) -> None:
        """Defines the target and calls it."""
        given = set(self.names)
        stand_in = self.names.get(self.job["entry"])
        self.reseed(2)
        self.guard("code", lambda: self.execute(self.code, tree))
        target = self.target(self.job["entry"], stand_in, given)
        self.send("defined", printed=self.printed())
        for index, case in enumerate(cases):
            self.reseed(1000 + index)
            self.one_call(index, case, target, before[index])

    def draw(self, cases: list[Call]) -> None:
        """All cases, each with inputs of its own that no other case and no setup shares."""
        snippet = self.snippets["<cases>"]
        tree = source.generator(source.parse(snippet))
        scope = {**self.names, "call": call}
        exec(source.compile_tree(tree, snippet), scope)
        for drawn in scope["_cases"]():
            if len(cases) == MAX_CASES:
                raise ValueError(f"`cases` yields more than {MAX_CASES} cases")
            if type(drawn) is not Call:
                drawn = Call(drawn if type(drawn) is tuple else (drawn,), {})
            try:
                cases.append(_deepcopy(drawn))
            except Exception:  # a generator, a tensor with a history: it cannot be copied
                cases.append(drawn)

    def announce(self, cases: list[Call], before: list[list[bytes]]) -> None:
        """Tells the judge what will be asked, before any code could know it."""
        encoder = encode.Encoder(brief=True)
        calls = [
            [
                {
                    "args": [encoder.node(value) for value in part.args],
                    "kwargs": [[key, encoder.node(v)] for key, v in part.kwargs.items()],
                }
                for part in case.parts
            ]
            for case in cases
        ]
        marks = [[mark.hex() for mark in marks] for marks in before]
        self.send("drawn", (encoder.blob(),), calls=calls, marks=marks)

    def target(self, entry: str, stand_in: object, given: set[str]) -> Foreign:
        """What is called; the job ends where the code does not define it."""
        found = self.names.get(entry)
        if callable(found) and found is not stand_in:
            return found
        defined = sorted(
            name
            for name, value in list(self.names.items())
            if name not in given and callable(value) and not name.startswith("_")
        )
        what = native.name_of(type(found)) if found is not None and found is not stand_in else ""
        self.send("missing", entry=entry, defined=defined[:20], found=what, printed=self.printed())
        raise _Stop

    def one_call(
        self, index: int, case: Call, target: Callable[..., Any], before: list[bytes]
    ) -> None:
        """Calls the target on one case and sends what came of it."""
        report: dict[str, Any] = {}
        blobs: list[bytes] = []

        def act() -> None:
            spare = _deepcopy(case) if self.job["grad"] else None
            results, state = self.follow(index, case, target)
            encoder = encode.Encoder(owner="__main__")
            given = case.inputs()
            after = [inputs.digest(value) for _, value in given]
            report["results"] = [encoder.node(result) for result in results]
            report["state"] = state and encoder.node(state())
            report["inputs"] = [
                [name, mark.hex(), None if mark == was else encoder.node(value)]
                for (name, value), mark, was in zip(given, after, before, strict=True)
            ]
            if self.job["alias"]:
                report["alias"] = gradients.aliases(results, [value for _, value in given])
            if spare is not None:
                self.reseed(1000 + index)
                found = gradients.of_call(
                    lambda: self.follow(index, spare, target, spare=True)[0], spare, self.seed
                )
                report["grads"] = [[name, encoder.node(value)] for name, value in found]
            blobs.append(encoder.blob())

        failure = self.attempt(act)
        if failure is not None:
            report, blobs = {"failure": failure}, [b""]
        self.send("case", blobs, index=index, printed=self.printed(), **report)

    def follow(
        self, index: int, case: Call, target: Callable[..., Any], *, spare: bool = False
    ) -> tuple[list[Any], Callable[[], Any] | None]:
        """The results of a case, and for a module with the solution's weights its state after."""
        restored, kept = self.restored, self.kept
        first = encode.draw(target(*case.args, **case.kwargs))
        restored(kept)
        if not case.following:
            return [first], None
        state = None
        if spare:
            self.restore(first)
        else:
            state = self.synchronise(index, first)
        results = []
        for number, part in enumerate(case.following):
            self.reseed(100_000 + 1000 * index + number)
            results.append(encode.draw(first(*part.args, **part.kwargs)))
            restored(kept)
        return results, state

    def synchronise(self, index: int, instance: object) -> Callable[[], Any] | None:
        """Gives a module the solution's weights, where they fit; the solution sends its own."""
        if not weights.is_module(instance):
            return None
        encoder = encode.Encoder(owner="__main__")
        node = encoder.node(weights.state(instance))
        self.send("state", (encoder.blob(),), index=index, state=node)
        reply = self.channel.receive()
        self.weights = reply if reply.header.get("fits") else None
        self.restore(instance)
        return lambda: weights.state(instance)

    def restore(self, instance: object) -> None:
        """Loads the weights that the judge sent last, where it sent any."""
        if weights.is_module(instance) and self.weights is not None:
            held = self.weights
            weights.load_state(instance, held.header["state"], held.blobs[0])

    def script(self, tree: Foreign) -> None:
        """Runs the snippet; then gives the names and setup objects that the judge asks for."""
        given = dict(self.names)
        kept = {name: value for name, value in given.items() if weights.has_state(value)}
        kept = {n: v for n, v in kept.items() if n not in ("torch", "nn", "F", "math", "device")}
        before = {name: inputs.digest(value, state=True) for name, value in kept.items()}
        statements, last = source.split_last(tree)
        value: list[Any] = []
        self.reseed(2)

        def act() -> None:
            self.execute(self.code, statements)
            if last is not None:
                code = source.compile_tree(last, self.code)
                value.append(encode.draw(eval(code, self.names)))

        self.guard("code", act)
        printed = self.printed()
        changed = [n for n, v in kept.items() if inputs.digest(v, state=True) != before[n]]
        bound = [n for n in source.bound_names(tree) if n in self.names]
        is_state = bool(value) and any(value[0] is kept[name] for name in changed)
        self.send("ran", printed=printed, changed=changed, bound=bound, is_state=is_state)
        asked = self.channel.receive().header
        encoder = encode.Encoder(state=True, owner="__main__")
        report: dict[str, Any] = {}

        def tell() -> None:
            report["value"] = [encoder.node(item) for item in value]
            report["names"] = [
                [name, encoder.node(encode.draw(self.names[name]))]
                for name in asked["names"]
                if name in self.names
            ]
            report["objects"] = [[name, encoder.node(kept[name])] for name in asked["objects"]]

        self.guard("code", tell)
        self.send("values", (encoder.blob(),), **report)

    def test(self, tree: Foreign) -> None:
        """Runs the answer; then each test as the judge hands it over."""
        bench = testing.Bench(self.names)
        self.reseed(2)
        self.guard("code", lambda: self.execute(self.code, tree))
        bench.protect(self.names)
        self.send("defined", printed=self.printed())
        while (order := self.channel.receive().header).get("t") == "test":
            snippet = Snippet(order["text"], "<test>", order["line"])
            self.snippets["<test>"] = snippet
            self.reseed(1000 + order["index"])

            def act(
                snippet: Snippet = snippet, name: str = order["name"], order: Foreign = order
            ) -> None:
                bench.run(snippet, name, order["overrides"])

            failure = self.attempt(act)
            self.send(
                "tested",
                index=order["index"],
                nonce=order["nonce"],
                printed=self.printed(),
                failure=failure,
            )

    def predict(self, tree: Foreign) -> None:
        """Runs the card's program and sends all that it prints; nobody predicts warnings."""
        warnings.simplefilter("ignore")
        self.reseed(2)
        self.guard("code", lambda: self.execute(self.code, tree))
        self.flush()
        printed = self.channel.printed()
        self.send("output", (printed.encode("utf-8", "replace"),))

    # -- running foreign code

    def guard(self, phase: str, action: Callable[[], None]) -> None:
        """Runs foreign code; where it fails, says so and ends the job."""
        failure = self.attempt(action)
        if failure is not None:
            self.report(phase, failure)

    def attempt(self, action: Callable[[], None]) -> failures.Failure | None:
        """Runs foreign code; what went wrong, or None."""
        restored, kept = self.restored, self.kept
        try:
            action()
        except _Stop:
            raise
        except BaseException as error:
            self.flush()
            restored(kept)
            self.recover()
            return failures.describe(error, self.snippets, self.limits)
        # Streams may be foreign code too.
        self.flush()
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
        raise _Stop

    def reseed(self, step: int) -> None:
        """Both roles draw the same random numbers from here on, whatever was drawn before."""
        seed = (self.seed * 1_000_003 + step) % (1 << 63)
        _reseed_torch(seed)
        _reseed_python(seed)
        if self.device != "cpu":
            torch.manual_seed(seed)

    def flush(self) -> None:
        """Brings buffered prints to their descriptors."""
        for stream in {id(s): s for s in (_stdout, _stderr, sys.stdout, sys.stderr)}.values():
            try:
                stream.flush()
            except BaseException:
                continue

    def printed(self) -> str:
        """What was printed since the last call, cut to what a learner would read."""
        text = self.channel.printed()
        if len(text) <= _MAX_PRINTED:
            return text
        return text[:_MAX_PRINTED] + f"\n… {len(text) - _MAX_PRINTED} more characters"

    def send(self, kind: str, blobs: Iterable[bytes] = (), **header: Foreign) -> None:
        """Sends one message."""
        self.channel.send(Message({"t": kind, **header}, tuple(blobs)))


_restored = restore.restorer(
    (
        channels,
        encode,
        failures,
        gradients,
        inputs,
        language,
        native,
        protocol,
        source,
        values,
        weights,
        sys.modules[__name__],
    )
)

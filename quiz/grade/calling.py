"""The function form inside a jail: draws the cases, calls the target, sends what came of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from quiz.grade import drawing, encode, gradients, inputs, native, objects, source, weights
from quiz.grade.call import Call, call
from quiz.grade.execution import Execution, Stop
from quiz.grade.native import Foreign
from quiz.grade.protocol import Message
from quiz.language import _

MAX_CASES = 200
_deepcopy = copy.deepcopy


class Calling(Execution):
    """The calls that `cases` yields, of a function or class of the code."""

    __slots__ = ("before", "cases", "weights")
    CHANGING = (*Execution.CHANGING, "weights")

    def keep(self) -> None:
        self.cases: list[Call] = []
        self.before: list[list[bytes]] = []
        """Fingerprints of each case's inputs, before any code could change them."""
        self.weights: Message | None = None
        """What the judge sent last for a module to hold."""
        super().keep()

    def draw(self) -> None:
        """All cases, each with inputs of its own that no other case and no setup shares."""
        snippet = self.snippets["<cases>"]
        tree = source.generator(source.parse(snippet))
        scope = {**self.names, "call": call}
        exec(source.compile_tree(tree, snippet), scope)
        for drawn in scope["_cases"]():
            if len(self.cases) == MAX_CASES:
                said = _("`cases` yields more than {most} cases").format(most=MAX_CASES)
                raise ValueError(said)
            if type(drawn) is not Call:
                drawn = Call(drawn if type(drawn) is tuple else (drawn,), {})
            try:
                self.cases.append(_copied(drawn))
            except Exception:  # a generator, a tensor with a history: it cannot be copied
                self.cases.append(drawn)
        self.before += [
            [inputs.digest(value) for _name, value in case.inputs()] for case in self.cases
        ]

    def announce(self) -> None:
        """Tells the judge what will be asked, before any code could know it."""
        encoder = encode.Encoder(brief=True, known=self.known)
        calls = [
            [
                {
                    "args": [encoder.node(value) for value in part.args],
                    "kwargs": [[key, encoder.node(v)] for key, v in part.kwargs.items()],
                }
                for part in case.parts
            ]
            for case in self.cases
        ]
        marks = [[mark.hex() for mark in marks] for marks in self.before]
        self.send("drawn", (encoder.blob(),), calls=calls, marks=marks)

    def perform(self, tree: Foreign) -> None:
        cases, before = self.cases, self.before
        given = set(self.names)
        belongings = inputs.Belongings(self.given())
        stand_in = self.names.get(self.job["entry"])
        self.reseed(2)
        self.guard("code", lambda: self.execute(self.code, tree))
        target = self.target(self.job["entry"], stand_in, given)
        self.send("defined", printed=self.printed())
        for index, case in enumerate(cases):
            self.reseed(1000 + index)
            self.one_call(index, case, target, before[index])
        changed, altered = belongings.changed()
        self.send("left", changed=changed, altered=altered)

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
        raise Stop

    def one_call(
        self, index: int, case: Call, target: Callable[..., Any], before: list[bytes]
    ) -> None:
        """Calls the target on one case and sends what came of it."""
        report: dict[str, Any] = {}
        blobs: list[bytes] = []

        def act() -> None:
            spare = _copied(case) if self.job["grad"] else None
            results, state = self.follow(index, case, target)
            given = case.inputs()
            encoder = encode.Encoder(known=self.known, owners=objects.owners(given))
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

        failure = self.attempt(act, restores=True)
        if failure is not None:
            report, blobs = {"failure": failure}, [b""]
        self.send("case", blobs, index=index, printed=self.printed(), **report)

    def follow(
        self, index: int, case: Call, target: Callable[..., Any], *, spare: bool = False
    ) -> tuple[list[Any], Callable[[], Any] | None]:
        """The results of a case, and for a module with the solution's weights its state after."""
        restored, kept = self.restored, self.kept
        first = drawing.draw(target(*case.args, **case.kwargs))
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
            results.append(drawing.draw(first(*part.args, **part.kwargs)))
            restored(kept)
        return results, state

    def synchronise(self, index: int, instance: object) -> Callable[[], Any] | None:
        """Gives a module the solution's weights, where they fit; the solution sends its own."""
        if not weights.is_module(instance):
            return None
        encoder = encode.Encoder(known=self.known)
        node = encoder.node(weights.state(instance))
        self.send("state", (encoder.blob(),), index=index, state=node)
        reply = self.channel.receive()
        self.weights = reply if reply.header.get("fits") else None
        self.restore(instance)
        return lambda: _state(instance)

    def restore(self, instance: object) -> None:
        """Loads the weights that the judge sent last, where it sent any."""
        if weights.is_module(instance) and self.weights is not None:
            held = self.weights
            weights.load_state(instance, held.header["state"], held.blobs[0])


def _state(module: Foreign) -> dict[str, Any]:
    """What a module holds, and what makes a difference once it is trained."""
    facts = [*objects.tied(module), *objects.trained(module)]
    return {**weights.state(module), **dict.fromkeys(facts)}


def _copied(case: Call) -> Call:
    """The case with inputs of its own; torch copies a parameter without the gradient it holds."""
    memo: dict[int, Any] = {}
    copied = _deepcopy(case, memo)
    # Where the copier keeps all that it has copied alive.
    for original in memo.get(id(memo), ()):
        if type(original) is native.Parameter and native.grad(original) is not None:
            memo[id(original)].grad = native.grad(original).clone()
    return copied

"""What happens inside a jail: one job, run and reported, piece by piece, as its form wants it."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any

from quiz import language
from quiz.grade import (
    advice,
    calling,
    drawing,
    encode,
    execution,
    failures,
    gradients,
    inputs,
    laws,
    native,
    objects,
    pointing,
    protocol,
    restore,
    source,
    testing,
    values,
    weights,
)
from quiz.grade import channel as channels
from quiz.grade.calling import Calling
from quiz.grade.execution import Channel, Execution, Stop
from quiz.grade.native import Foreign
from quiz.grade.source import Snippet


def run(channel: Channel) -> None:
    """Does the job that the first message describes, and returns when it is over."""
    job = channel.receive().header
    try:
        _FORMS[job["form"]](channel, job, _restorer()).run()
    except Stop:
        return


class Scripting(Execution):
    """A snippet after `setup`: its last value, the names it binds, the objects it changes."""

    __slots__ = ()

    def perform(self, tree: Foreign) -> None:
        """Runs the snippet; then gives the names and setup objects that the judge asks for."""
        given = inputs.Belongings(self.given())
        kept = given.objects
        statements, last = source.split_last(tree)
        value: list[Any] = []
        self.reseed(2)

        def act() -> None:
            self.execute(self.code, statements)
            if last is not None:
                code = source.compile_tree(last, self.code)
                value.append(drawing.draw(eval(code, self.names)))

        self.guard("code", act)
        printed = self.printed()
        changed, altered = given.changed()
        bound = [n for n in source.bound_names(tree) if n in self.names]
        is_state = bool(value) and any(value[0] is kept[name] for name in changed)
        self.send(
            "ran",
            printed=printed,
            changed=changed,
            altered=altered,
            bound=bound,
            is_state=is_state,
        )
        asked = self.channel.receive().header
        report: dict[str, Any] = {}
        named = [(name, self.names[name]) for name in asked["names"] if name in self.names]
        made = [(f"{name} (new)" if name in kept else name, item) for name, item in named]
        encoder = encode.Encoder(known=self.known, owners=objects.owners([*kept.items(), *made]))

        def tell() -> None:
            report["value"] = [encoder.node(item) for item in value]
            report["names"] = [[name, encoder.node(drawing.draw(item))] for name, item in named]
            report["objects"] = [[name, encoder.node(kept[name])] for name in asked["objects"]]

        self.guard("code", tell)
        moved = [n for n in asked["objects"] if self.names.get(n) is not kept[n]]
        self.send("values", (encoder.blob(),), moved=moved, **report)


class Testing(Execution):
    """`test_…` functions about the code's names."""

    __slots__ = ()

    def perform(self, tree: Foreign) -> None:
        """Runs the answer; then each test as the judge hands it over."""
        bench = testing.Bench(
            self.names,
            self.snippets.get("<setup>"),
            imports=self.job["imports"],
            watching=self.job["watching"],
        )
        given = inputs.Belongings(self.given())
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
                bench.run(snippet, name, order["overrides"], order["bound"])

            failure = self.attempt(act)
            self.send(
                "tested",
                index=order["index"],
                nonce=order["nonce"],
                printed=self.printed(),
                failure=failure,
            )
        changed, altered = given.changed()
        self.send("left", changed=changed, altered=altered)


class Predicting(Execution):
    """A program of the card's, and all that it prints."""

    __slots__ = ()

    def perform(self, tree: Foreign) -> None:
        """Runs the card's program and sends all that it prints; nobody predicts warnings."""
        warnings.simplefilter("ignore")
        self.reseed(2)
        self.guard("code", lambda: self.execute(self.code, tree))
        self.flush()
        printed = self.channel.printed()
        self.send("output", (printed.encode("utf-8", "replace"),))


_FORMS: dict[str, type[Execution]] = {
    "function": Calling,
    "script": Scripting,
    "test": Testing,
    "predict": Predicting,
}
_OURS = (
    advice,
    calling,
    channels,
    drawing,
    encode,
    execution,
    failures,
    gradients,
    inputs,
    language,
    laws,
    native,
    objects,
    pointing,
    protocol,
    source,
    values,
    weights,
    sys.modules[__name__],
)


@functools.cache
def _restorer() -> Callable[[restore.Kept], object]:
    """Made at the first practice, before any foreign code: all is as it should be then."""
    return restore.restorer(_OURS)

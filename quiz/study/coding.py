"""Answers to code and predict questions: the grader, started when first needed.

The grader runs in processes of its own; here it is only asked.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from quiz.deck.config import read_config
from quiz.deck.files import base_of
from quiz.errors import CardError, GradeError, Place
from quiz.language import _
from quiz.model.finding import Finding, Severity
from quiz.model.question import Code, Predict, Program, Question
from quiz.model.verdict import Case, Verdict
from quiz.settings import find_cards

if TYPE_CHECKING:
    from quiz.deck.parsed import Parsed
    from quiz.grade.grader import Grader
    from quiz.grade.jail import Layer


class Coding:
    """One grader for a session, started at the first use.

    Where no jail holds, nothing is run unless `trusted` was set: the learner's consent. `off` names
    layers of the jail to leave out, as on a system that does not have them.
    """

    def __init__(self, device: str = "", *, trusted: bool = False, off: Iterable[str] = ()) -> None:
        self._device = device
        self._off = tuple(off)
        self._grader: Grader | None = None
        self._layers: tuple[Layer, ...] = ()
        self.trusted = trusted

    @property
    def device(self) -> str:
        """Where answers run; empty while that is not known."""
        return self._grader.device if self._grader else self._device

    @property
    def protected(self) -> bool | None:
        """Whether a jail holds the code that is run; None while that is not known."""
        return all(layer.holds for layer in self._layers) if self._layers else None

    async def layers(self) -> tuple[Layer, ...]:
        """What stands between an answer and the machine, each layer as a jail has tested it."""
        if not self._layers:
            self._layers = await (await self.start()).layers()
        return self._layers

    async def start(self, *, everything: bool = False) -> Grader:
        """Start the grader's processes without waiting for them. Raises `GradeError`.

        `everything` that answers may import is to be loaded first, where none runs yet.
        """
        if self._grader is None:
            # Much comes with it, and whoever waits in this loop has other things to do meanwhile.
            await asyncio.to_thread(import_module, "quiz.grade.grader")
        if self._grader is None:
            from quiz.grade.grader import Grader

            self._grader = Grader(device=self._device or None, off=self._off)
            await self._grader.start(everything=everything)
        return self._grader

    async def grade(
        self,
        program: Program,
        answer: str,
        *,
        seed: int | None = None,
        on_case: Callable[[Case], None] | None = None,
    ) -> Verdict:
        """Judge an answer by what it computes. Raises `GradeError` if nothing can be graded."""
        grader = await self.start()
        if not self.trusted:
            await self.layers()
            if not self.protected:
                missing = ", ".join(_(layer.name) for layer in self._layers if not layer.holds)
                said = _("no jail holds code on this system (missing: {layers}), so none was run")
                raise GradeError(
                    said.format(layers=missing),
                    fix=_("If you trust these cards, agree in the application or pass --trust."),
                )
        return await grader.grade(program, answer, seed=seed, on_case=on_case)

    def expect(self, program: Program) -> None:
        """An answer to this program is likely to come: let what can be run before it run now."""
        if self._grader is not None and (self.trusted or self.protected):
            self._grader.expect(program)

    async def close(self) -> None:
        """End the grader's processes and remove what they left."""
        grader, self._grader = self._grader, None
        if grader is not None:
            await grader.close()


@asynccontextmanager
async def coding(device: str = "", *, trusted: bool = False) -> AsyncIterator[Coding]:
    """A `Coding` that is closed at the end, whatever happens."""
    runner = Coding(device, trusted=trusted)
    try:
        yield runner
    finally:
        await runner.close()


def program_of(question: Question) -> Program:
    """What the grader runs for a question. `CardError` if it is none that is run."""
    if isinstance(question.content, Code | Predict):
        return question.content
    said = _("`{question}` is a {kind} question; only code and predict answers are run")
    raise CardError(said.format(question=question.id, kind=_(question.kind)), where=question.place)


def find_question(card: str, cards: Path | None = None) -> Question:
    """The question that `CARD.md[#ANCHOR]` names.

    Its collection is found as in `collection_root`. Without an anchor the file must hold one code
    question, or, if it has none, one predict question.
    """
    name, _mark, anchor = card.partition("#")
    path = Path(name)
    if not path.is_file():
        raise CardError(
            _("there is no card `{name}`").format(name=name),
            fix=_("Give the path of a card's .md file."),
        )
    parsed = _parse(path, collection_root(path, cards))
    questions = parsed.concept.questions if parsed.concept else ()
    if anchor:
        chosen = [question for question in questions if question.id.partition("#")[2] == anchor]
    else:
        chosen = [question for question in questions if isinstance(question.content, Code)] or [
            question for question in questions if isinstance(question.content, Predict)
        ]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen and (error := _error_at(parsed, anchor)) is not None:
        raise CardError(error.message, where=error.place)
    runnable = [q for q in questions if isinstance(q.content, Code | Predict)]
    listed = ", ".join(f"#{question.id.partition('#')[2]}" for question in runnable) or _("none")
    said = _("no question `#{anchor}`") if anchor else _("{n} questions of this card can be graded")
    raise CardError(
        said.format(anchor=anchor, n=len(chosen)),
        where=Place(name),
        fix=_("Name one of its questions that can be run: {questions}.").format(questions=listed),
    )


def _error_at(parsed: Parsed, anchor: str) -> Finding | None:
    """The error that keeps a question from being one; without an anchor, the first of the file."""
    errors = [one for one in parsed.findings if one.severity is Severity.ERROR]
    if not anchor or parsed.concept is None:
        return errors[0] if errors else None
    lines = [section.line for section in parsed.sections]
    for section, end in zip(parsed.sections, [*lines[1:], sys.maxsize], strict=True):
        if section.anchor == anchor:
            return next((one for one in errors if section.line <= one.place.line < end), None)
    return None


def collection_root(path: Path, cards: Path | None = None) -> Path:
    """The root of the collection that a card file or a folder of cards belongs to.

    `cards` where that is said and holds it, else the nearest folder above with a `quiz.toml`, else
    the collection in use where it lies in that, else the folder itself.
    """
    place = path.resolve()
    if cards is not None and place.is_relative_to(cards.resolve()):
        return cards
    folder = place if place.is_dir() else place.parent
    for around in (folder, *folder.parents):
        if (around / "quiz.toml").is_file():
            return around
    in_use = find_cards(None)
    return in_use if place.is_relative_to(in_use.resolve()) else folder


def _parse(path: Path, root: Path) -> Parsed:
    """What stands in a card, of a translation under the ids of its base."""
    # Deferred: most starts find the cards unchanged.
    from quiz.deck.parser import parse_concept
    from quiz.deck.translations import translate

    home, config = base_of(path), read_config(root).config
    name = home.resolve().relative_to(root.resolve()).as_posix().removesuffix(".md")

    def parse(file: Path, base: Parsed | None = None) -> Parsed:
        data = file.read_bytes()
        return parse_concept(data, path=str(file), concept=name, config=config, base=base)

    base = parse(home)
    if home == path:
        return base
    translation = parse(path, base)
    concept, _ = translate(base, translation, str(path))
    return replace(translation, concept=concept or base.concept)

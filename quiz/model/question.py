"""What a card file says: concepts and their questions, as frozen values.

A `Question` carries all that is needed to ask it and to judge its answer; nothing about
scheduling is in it. Text is Markdown unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from quiz.errors import Place


class Kind(StrEnum):
    """How a question is asked; decided by what its section holds."""

    RECALL = "recall"
    CLOZE = "cloze"
    CHOICE = "choice"
    TYPED = "typed"
    PREDICT = "predict"
    CODE = "code"


class Form(StrEnum):
    """How a program is judged; decided by which fences stand beside the solution."""

    FUNCTION = "function"
    """`cases` yields calls of the target; results are compared."""
    SCRIPT = "script"
    """The snippet runs after `setup`; what it binds and changes is compared."""
    TEST = "test"
    """`test_…` functions assert about the learner's names."""
    PREDICT = "predict"
    """The program is the card's own; what it prints is compared with what was typed."""


@dataclass(frozen=True, slots=True)
class Fence:
    """The literal content of a code fence."""

    text: str
    line: int
    """Line in the file of the content's first line, from 1."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The attributes of a `solution` (or `predict`) fence: limits, constraints, tolerances."""

    entry: str | None = None
    """Name of the target; None: the last definition of the solution."""
    forbid: tuple[str, ...] = ()
    """Dotted names, operators and statements the answer may not contain."""
    require: tuple[str, ...] = ()
    """Dotted names, operators and statements the answer must contain."""
    lines: int | None = None
    """At most so many logical lines."""
    grad: bool = False
    """Compare gradients with respect to every floating-point input too."""
    rtol: float | None = None
    atol: float | None = None
    alias: bool = False
    """Returning a view where the solution copies, or the reverse, is wrong."""
    exact: bool = False
    """Compare bit for bit."""
    timeout: float = 10.0
    """Seconds of wall time for the whole grade."""
    memory: int = 1024
    """MiB."""
    output: int = 1024 * 1024
    """Bytes that may be printed."""
    device: str | None = None
    """`cpu` or `cuda`: the question is skipped elsewhere."""
    processes: bool = False
    """May start worker processes."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Think, reveal, rate."""

    answer: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of a cloze; gaps of the same number are separate gaps that open together."""

    answer: str
    """Plain text as it stands in the card."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Cloze:
    """Fill the gaps of one number."""

    number: int
    gaps: tuple[Gap, ...]
    """In order of appearance; each stands in the prompt as `[…]`, or `[hint]`."""
    filled: str
    """The whole text (heading and body) with every gap filled."""


@dataclass(frozen=True, slots=True)
class Option:
    """One item of a task list."""

    text: str
    correct: bool
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Pick the one that holds, or all that hold when several do."""

    options: tuple[Option, ...]
    """In the order of the file; shuffled on every review."""

    @property
    def several(self) -> bool:
        """Whether more than one option is correct, so that the learner picks a set."""
        return sum(option.correct for option in self.options) > 1


@dataclass(frozen=True, slots=True)
class Typed:
    """Type an accepted answer."""

    accepted: tuple[str, ...]
    """Never empty; the first one is shown as the answer."""
    case: bool = False
    """Whether case counts."""
    tolerance: float | None = None
    """Accept numbers within this relative tolerance."""


@dataclass(frozen=True, slots=True)
class Predict:
    """Type what the program prints."""

    program: Fence
    setup: Fence | None = None
    rules: Rules = Rules()

    @property
    def form(self) -> Form:
        return Form.PREDICT


@dataclass(frozen=True, slots=True)
class Code:
    """Write code that is run."""

    solution: Fence
    setup: Fence | None = None
    starter: Fence | None = None
    """None: the editor opens with the signature of the target."""
    cases: Fence | None = None
    test: Fence | None = None
    rules: Rules = Rules()

    @property
    def form(self) -> Form:
        if self.cases is not None:
            return Form.FUNCTION
        return Form.TEST if self.test is not None else Form.SCRIPT


Content = Recall | Cloze | Choice | Typed | Predict | Code
Program = Predict | Code
"""What the grader runs."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked, and remembered, by itself."""

    id: str
    """`path/of/concept#anchor`, with `/c1` for a cloze and `/reversed` for a reversed recall."""
    concept: str
    """Path from the collection's root, without `.md`, with forward slashes."""
    heading: str
    """The prompt's first line, attributes removed (for a reversed recall: the answer side)."""
    body: str
    """The rest of the prompt; gaps, hints and role fences are not in it."""
    explanation: str
    """Shown once answered; empty for most recall questions."""
    hints: tuple[str, ...]
    """Uncovered one at a time."""
    content: Content
    place: Place
    """Of the heading."""
    tags: tuple[str, ...] = ()
    suspended: bool = False
    """By the card file (front matter or `.suspended`), not by the learner's history."""
    explicit_anchor: bool = False
    """Whether the anchor was written by the author as `{#id}`."""

    @property
    def kind(self) -> Kind:
        return _KINDS[type(self.content)]

    @property
    def deck(self) -> str:
        """The folder of its concept; empty at the collection's root."""
        return self.concept.rpartition("/")[0]

    @property
    def prompt(self) -> str:
        """Heading and body together, as one Markdown text."""
        return f"{self.heading}\n\n{self.body}" if self.body else self.heading


_KINDS: Mapping[type, Kind] = {
    Recall: Kind.RECALL,
    Cloze: Kind.CLOZE,
    Choice: Kind.CHOICE,
    Typed: Kind.TYPED,
    Predict: Kind.PREDICT,
    Code: Kind.CODE,
}


@dataclass(frozen=True, slots=True)
class Concept:
    """One Markdown file."""

    id: str
    """Path from the collection's root, without `.md`, with forward slashes."""
    title: str
    note: str
    """What stands between the title and the first question; shown after an answer, never asked."""
    questions: tuple[Question, ...]
    place: Place
    tags: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Ids of the concepts to be learned first."""
    links: tuple[str, ...] = ()
    suspended: bool = False
    translations: Mapping[str, Concept] = field(default_factory=dict)
    """By language tag (`ko`); their questions carry the ids of the base file's."""

    @property
    def deck(self) -> str:
        return self.id.rpartition("/")[0]

    def in_language(self, language: str) -> Concept:
        """This concept as it reads in `language`, or itself where there is no such translation."""
        return self.translations.get(language, self)

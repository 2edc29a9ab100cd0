"""The verdict on a program: its word, the failing case that is smallest to read, then the rest."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Collapsible, LoadingIndicator, Static

from quiz.language import _, counted
from quiz.model.verdict import Case, Outcome, Verdict
from quiz.tui.widgets.case import CaseView, case_line
from quiz.tui.widgets.listing import Traceback
from quiz.tui.wording import RIGHT, outcome_words

MOST_FAILURES = 8
"""Failing cases listed besides the first."""
BEGINNING = 40
"""Characters by which a call is known in a message, which may cut it short."""


class RunningView(Vertical):
    """What is seen while an answer runs: its cases as they finish."""

    DEFAULT_CSS = """
    RunningView {
        height: auto;
        & > LoadingIndicator { height: 1; width: 12; }
        & > #running-line { color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Content] = []

    def compose(self) -> ComposeResult:
        yield LoadingIndicator()
        yield Static(Content(_("Running… Esc cancels")), id="running-line")
        yield Static(Content(""), id="running-cases")

    def add_case(self, case: Case) -> None:
        self._lines.append(case_line(case))
        self.query_one("#running-cases", Static).update(Content("\n").join(self._lines[-20:]))


class VerdictView(Vertical):
    """A finished verdict."""

    DEFAULT_CSS = """
    VerdictView {
        height: auto;
        & > Static { height: auto; }
        & > .headline { text-style: bold; }
        & > .message { margin: 0 0 1 0; }
        & > .section { margin: 1 0 0 0; color: $text-muted; }
        & > .traceback { background: $surface; padding: 0 1; margin: 0 0 1 0; }
        & > .printed { background: $surface; padding: 0 1; margin: 1 0 0 0; }
        & > .origin { margin: 1 0 0 0; color: $text-muted; }
        & Collapsible {
            background: transparent; border-top: none; padding: 0; margin: 0;
            & > CollapsibleTitle { padding: 0; }
            & > Contents { padding: 0 0 1 2; }
        }
    }
    """

    def __init__(self, verdict: Verdict, *, predicting: bool = False) -> None:
        super().__init__()
        self._verdict = verdict
        self._predicting = predicting

    def compose(self) -> ComposeResult:
        verdict = self._verdict
        yield Static(self._headline(), classes="headline")
        if verdict.message and not self._says_no_more():
            yield from self._message()
        first = verdict.first_failure
        if verdict.traceback.strip() and (first is None or first.traceback != verdict.traceback):
            yield Traceback(verdict.traceback).add_class("traceback")
        yield from self._cases()
        if verdict.printed.strip():
            printed = f"{_('printed')}\n{verdict.printed.rstrip()}"
            yield Static(Content(printed), classes="printed")
        yield Static(self._origin(), classes="origin")

    def _headline(self) -> Content:
        verdict = self._verdict
        sign, word, colour = outcome_words(verdict.outcome)
        passed = sum(case.outcome is Outcome.PASS for case in verdict.cases)
        total = len(verdict.cases)
        tail = ""
        if total > 1 or (total and not self._predicting and not verdict.passed):
            said = counted(
                "{passed} of {n} case passed", "{passed} of {n} cases passed", total, passed=passed
            )
            tail = f"   {said}"
        return Content.assemble(
            (f"{sign} {word}", f"bold {colour}"), (tail, "not bold $foreground 60%")
        )

    def _message(self) -> ComposeResult:
        """A defect of the grader in one line; its traceback is for a report."""
        message = self._verdict.message.rstrip()
        if self._verdict.outcome is not Outcome.GRADER_ERROR or "\n" not in message:
            yield Static(Content(message), classes="message")
            return
        yield Static(Content(message.rpartition("\n")[2]), classes="message")
        yield Collapsible(Static(Content(message)), title=_("Details"))

    def _says_no_more(self) -> bool:
        """Whether the message only repeats what is shown below it."""
        first = self._verdict.first_failure
        message = self._verdict.message
        if first is None:
            return message.strip() in self._verdict.traceback
        if first.call and f"`{first.call[:BEGINNING]}" in message:
            return True
        return self._predicting or any(told.rstrip(".") in message for told in first.differences)

    def _cases(self) -> ComposeResult:
        cases = self._verdict.cases
        first = self._verdict.first_failure
        if first is not None:
            yield CaseView(first, predicting=self._predicting)
        elif self._predicting and cases:
            yield CaseView(cases[0], predicting=True)
        others = [c for c in cases if c is not first and c.outcome is not Outcome.PASS]
        if others:
            said = counted("{n} other case failed", "{n} other cases failed", len(others))
            yield Static(Content(said), classes="section")
        for case in sorted(others, key=lambda c: c.size)[:MOST_FAILURES]:
            yield Collapsible(CaseView(case), title=case_line(case).plain)
        passed = [c for c in cases if c.outcome is Outcome.PASS]
        if passed and not self._predicting:
            summary = Static(Content("\n").join(case_line(c) for c in passed))
            said = counted("{n} case passed", "{n} cases passed", len(passed))
            yield Collapsible(summary, title=f"{RIGHT} {said}")

    def _origin(self) -> Content:
        verdict = self._verdict
        seconds = _("{n} s").format(n=f"{verdict.seconds:.3f}")
        parts = [verdict.device, seconds if verdict.seconds else ""]
        parts.append(_("seed {n}").format(n=verdict.seed) if verdict.seed else "")
        return Content(" · ".join(part for part in parts if part))

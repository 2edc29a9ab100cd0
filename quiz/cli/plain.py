"""`quiz review --plain`: a session line by line, for screen readers, dumb terminals and pipes.

Nothing is drawn, moved or coloured: a question is printed, a line is read, what came of it is
printed. The session, the evidence for a rating and the judging are those of the screens. A letter
alone is a command where no answer could be meant by it; where an answer is typed, a command
begins with a colon.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

import click

from quiz.cli import saying
from quiz.cli.grading import print_failure
from quiz.cli.saying import LETTERS, say
from quiz.errors import QuizError
from quiz.language import _, mark
from quiz.model.answers import check_choice, check_cloze, check_typed
from quiz.model.question import Choice, Cloze, Code, Kind, Predict, Recall, Typed
from quiz.model.review import Rating
from quiz.settings import editor_command
from quiz.study.saves import Saves
from quiz.study.values import Asked, Selection
from quiz.tui import editor
from quiz.tui.changes import changes
from quiz.tui.naming import collection_name
from quiz.tui.starter import starting_text
from quiz.tui.trial import Trial
from quiz.tui.wording import (
    outcome_words,
    rating_words,
    span,
)

if TYPE_CHECKING:
    from quiz.study.library import Library

END = "."
"""A line that holds nothing else ends what is typed over several lines."""
HELP = mark("""\
Enter: show the answer, or take the proposed rating
1 2 3 4: rate Again, Hard, Good, Easy
h: a hint   n: the note   s: show the answer   t: try the code again
u: take the last thing back   -: not today   !: suspend   q: end
While an answer is typed, commands begin with a colon, as in :h""")


class _Ended(Exception):  # noqa: N818 - no error: what the learner wants
    """The learner ends the session, or the input is at its end."""


class _Revealed(Exception):  # noqa: N818
    """The learner wants to see the answer."""


class _Moved(Exception):  # noqa: N818
    """Another question is asked now."""


def review(library: Library, selection: Selection) -> None:
    """Ask the questions of a selection until none is left, or the input ends."""
    with asyncio.Runner() as runner:
        try:
            _Dialogue(library, selection, runner).run()
        finally:
            runner.run(library.aclose())


class _Dialogue:
    """One session. Its methods print and read; `session` alone decides and stores."""

    def __init__(self, library: Library, selection: Selection, runner: asyncio.Runner) -> None:
        self._library = library
        self._session = library.session(selection)
        self._saves = Saves(library)
        self._runner = runner
        self._warm = False
        self._trial = Trial(Kind.RECALL, 0)
        self._checkable = True

    def run(self) -> None:
        try:
            say(_("q ends, u takes back, h gives a hint, ? lists the commands."))
            while self._session.asked is not None or self._wait():
                if self._session.asked is not None:
                    self._ask(self._session.asked)
        except _Ended:
            say()
        left = self._session.asked is not None
        saying.summary(self._session.summary(), self._library.clock(), left=left)

    def _ask(self, asked: Asked) -> None:
        """One question from its prompt to its rating, which is stored before this returns."""
        self._trial = trial = Trial(asked.question.kind, monotonic())
        self._checkable = True
        try:
            self._show(asked)
            while True:
                try:
                    self._answer(asked)
                except _Revealed:
                    trial.reveal(trial.answer)
                    self._show_right(asked)
                if rating := self._rating(asked):
                    self._session.rate(rating, trial.attempt(monotonic()))
                    return
        except _Moved:
            return

    # --- showing --------------------------------------------------------------------------

    def _show(self, asked: Asked) -> None:
        saying.question(asked, self._session.progress)
        if isinstance(asked.question.content, Predict | Code) and not self._warm:
            # It gets ready while the learner types; what is wrong is said when it is needed.
            with suppress(QuizError):
                self._runner.run(self._library.start_grader())

    def _show_right(self, asked: Asked) -> None:
        """The answer, where the learner wants to see it."""
        if isinstance(asked.question.content, Predict):
            self._grade(asked, "")
        else:
            saying.right_answer(asked)
        saying.explanation(asked)

    # --- answering ------------------------------------------------------------------------

    def _answer(self, asked: Asked) -> None:
        """Have the question answered and say what came of it. Raises `_Revealed` for a look."""
        match asked.question.content:
            case Recall(answer=answer):
                self._read(_("Enter shows the answer:"), bare=True)
                say(answer)
            case Cloze() as cloze:
                self._answer_cloze(cloze)
            case Choice() as choice:
                self._answer_choice(asked, choice)
            case Typed() as typed:
                given = self._read(_("Your answer (Enter alone shows it):")) or _reveal()
                result = check_typed(typed, given)
                saying.result(result)
                self._trial.checked(given, passed=result.correct, share=float(result.correct))
            case Predict():
                say(_("What does it print? End with a line that holds only a dot; :s shows it."))
                self._grade(asked, self._read_lines())
            case Code() as code:
                self._answer_code(asked, code)
                if not self._trial.passed:
                    return
                say(_("The card's solution:"), code.solution.text.rstrip())
        saying.explanation(asked)

    def _answer_cloze(self, cloze: Cloze) -> None:
        given = []
        for number, gap in enumerate(cloze.gaps, 1):
            prompt = _("Gap {number} of {all}").format(number=number, all=len(cloze.gaps))
            given.append(self._read(f"{prompt} ({gap.hint}):" if gap.hint else f"{prompt}:"))
        if not any(given):
            _reveal()
        results = check_cloze(cloze, given).gaps
        for result in results:
            saying.result(result)
        right = sum(result.correct for result in results)
        text, share = "\n".join(given), right / len(results)
        self._trial.checked(text, passed=right == len(results), share=share)
        say(cloze.filled)

    def _answer_choice(self, asked: Asked, choice: Choice) -> None:
        letters = LETTERS[: len(asked.order)]
        prompt = (
            _("All that hold, such as ac:")
            if choice.several
            else _("The one that holds, such as a:")
        )
        while True:
            given = self._read(prompt, bare=letters[-1] < "h").lower().replace(" ", "")
            if not given:
                _reveal()
            if set(given) <= set(letters) and (choice.several or len(given) == 1):
                break
            say(_("Type letters from a to {last}.").format(last=letters[-1]))
        picked = {asked.order[letters.index(letter)] for letter in given}
        right = check_choice(choice, picked).correct
        say(_("Right") if right else _("Not right"))
        saying.options(asked, choice)
        text = "\n".join(choice.options[index].text for index in sorted(picked))
        self._trial.checked(text, passed=right, share=float(right))

    def _answer_code(self, asked: Asked, code: Code) -> None:
        say(_("Your code, ended by a line that holds only a dot; :e opens your editor, :s shows "
               "the solution."))  # fmt: skip
        start = self._trial.answer or starting_text(code)
        self._grade(asked, self._read_lines(edit=lambda: self._edited(start)))

    def _edited(self, text: str) -> str:
        command = editor_command(self._library.settings)
        with tempfile.TemporaryDirectory(prefix="quiz-") as folder:
            path = Path(folder) / "answer.py"
            path.write_text(text, encoding="utf-8")
            windowed = editor.is_windowed(command)
            editor.run(editor.command_at(command, path, 1), windowed=windowed)
            if windowed:
                self._line(_("Press Enter when the answer is saved:"))
            return path.read_text(encoding="utf-8-sig", errors="replace")

    def _grade(self, asked: Asked, answer: str) -> None:
        """Run an answer. What cannot be graded is said, and left to the learner's own rating."""
        library, trial = self._library, self._trial
        try:
            if not self._warm:
                self._runner.run(library.warm_up())
                self._warm = True
            if library.code_needs_consent:
                self._ask_consent()
            verdict = self._runner.run(library.grade(asked.question, answer))
        except QuizError as error:
            say(str(error))
            self._checkable = False
            trial.reveal(answer)
            if isinstance(asked.question.content, Code):
                self._show_right(asked)
            return
        if trial.revealed:
            say(_("It prints:"), *(case.expected.rstrip() for case in verdict.cases))
            return
        trial.graded(answer, verdict)
        say(outcome_words(verdict.outcome)[1])
        if not verdict.passed:
            print_failure(verdict)

    def _ask_consent(self) -> None:
        say(
            _("On this system nothing holds back the code of a card: it can read and change "
              "whatever you can. Agree only if you trust the authors of the collection {name}.")
            .format(name=collection_name(self._library))
        )  # fmt: skip
        if self._line(_("Run it? y or n:")).strip().lower() == "y":
            self._library.consent()

    # --- rating ---------------------------------------------------------------------------

    def _rating(self, asked: Asked) -> Rating | None:
        """The learner's rating; None: another try."""
        trial = self._trial
        proposal = trial.proposal(checkable=self._checkable)
        open_code = trial.kind is Kind.CODE and not trial.passed and not trial.revealed
        if proposal.rating is None:
            say(proposal.reason)
        else:
            name = rating_words(proposal.rating)[0]
            said = _("Enter takes {name}: {reason}").format(name=name, reason=proposal.reason)
            say(said)
        saying.buttons(asked)
        if open_code:
            say(_("t tries again, s shows the solution"))
        while True:
            try:
                given = self._read(_("Rating:"), bare=True)
            except _Revealed:
                if open_code:
                    trial.reveal(trial.answer)
                    self._show_right(asked)
                    return self._rating(asked)
                continue
            if given == "t" and open_code:
                return None
            if not given and proposal.rating is not None:
                return proposal.rating
            if given in ("1", "2", "3", "4"):
                return Rating(int(given))
            say(_("Type 1, 2, 3 or 4."))

    # --- reading --------------------------------------------------------------------------

    def _line(self, prompt: str) -> str:
        """One line as it was typed. Raises `_Ended` at the end of the input."""
        click.echo(f"{prompt} " if prompt else "", nl=False)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise _Ended
        self._follow_saves()
        return line.rstrip("\r\n")

    def _follow_saves(self) -> None:
        """Cards that were saved while the line was typed take effect: what was asked as well."""
        before = self._session.asked
        try:
            findings = self._saves.read(before.question.id if before else None)
        except QuizError:
            return  # the folder is away for a moment, as while a branch is checked out
        if findings is None:
            return
        same = self._session.refresh()
        for remark in (*findings[:3], *self._library.ledger.notices):
            say(str(remark))
        after = self._session.asked
        if before is None or (same and after is not None and not changes(before, after)):
            return
        if same:
            self._move(_("The card was changed; this is how it reads now."))
        self._move(_("The question that was asked is gone from the cards, or from today."))

    def _read(self, prompt: str, *, bare: bool = False) -> str:
        """An answer in one line; commands are carried out. `bare`: they need no colon."""
        while True:
            line = self._line(prompt).strip()
            if not self._obeyed(line, bare=bare):
                return line

    def _read_lines(self, edit: Callable[[], str] | None = None) -> str:
        """An answer over several lines, up to one that holds a dot alone."""
        lines: list[str] = []
        while (line := self._line("")) != END:
            if edit and line.strip() == ":e":
                return edit()
            if lines or not self._obeyed(line.strip(), bare=False):
                lines.append(line)
        return "\n".join(lines) + "\n"

    def _obeyed(self, line: str, *, bare: bool) -> bool:
        """Carry a command out. True where it was one that leaves the question as it is."""
        key = line.removeprefix(":")
        if not (line.startswith(":") or bare) or len(key) != 1:
            return False
        match key:
            case "q":
                raise _Ended
            case "s":
                raise _Revealed
            case "h":
                self._hint()
            case "n":
                asked = self._session.asked
                say((asked and asked.note) or _("This concept has no note."))
            case "?":
                say(_(HELP))
            case "u" if self._session.can_undo:
                self._session.undo()
                self._move(_("Taken back. Here it is again."))
            case "u":
                say(_("There is nothing to take back."))
            case "-":
                self._session.bury()
                self._move(_("Hidden until tomorrow. u takes it back."))
            case "!":
                self._session.suspend()
                self._move(_("Suspended. u takes it back."))
            case _other:
                return False
        return True

    def _move(self, said: str) -> NoReturn:
        say(said)
        raise _Moved

    def _hint(self) -> None:
        asked, trial = self._session.asked, self._trial
        hints = asked.question.hints if asked else ()
        if trial.hints >= len(hints):
            say(_("There is no further hint.") if hints else _("This question has no hint."))
            return
        trial.hints += 1
        said = _("Hint {number} of {all}").format(number=trial.hints, all=len(hints))
        say(f"{said}:", hints[trial.hints - 1])

    # --- between and after questions --------------------------------------------------------

    def _wait(self) -> bool:
        """Wait for a learning question that returns in a while. False where none does."""
        until = self._session.waiting_until
        if until is None:
            return False
        left = (until - self._library.clock()).total_seconds()
        say(
            _("Nothing else is due right now."),
            _("A question you are learning returns at {time}, in {left}.").format(
                time=f"{until.astimezone():%H:%M}", left=span(left)
            ),
        )
        try:
            self._read(_("Enter waits for it, q ends:"), bare=True)
        except (_Moved, _Revealed):
            return True
        time.sleep(max(0.0, (until - self._library.clock()).total_seconds()))
        self._session.refresh()
        return True


def _reveal() -> NoReturn:
    raise _Revealed

"""What went wrong in a jail, in the learner's terms: the kind, one sentence, and their own lines.

Runs in a jail after foreign code has failed, so it trusts nothing of the exception: every look at
it is guarded, and all helpers were taken before that code ran.
"""

from __future__ import annotations

import builtins
import errno
import io
import itertools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType, TracebackType
from typing import Any

from quiz.grade import advice, pointing
from quiz.grade.source import Snippet
from quiz.language import _

_MAX_MESSAGE = 2000
_MAX_FRAMES = 12
_MAX_PARTS = 5
_ALLOCATE = re.compile(r"(?:tried to allocate|allocate) (\d[\d.]*) ?(bytes|[KMGT]iB)?")
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_OF_SHAPES = re.compile(r"size|shape|dimension|indices|broadcast|expand", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_suggest_hook, _StringIO, _islice = sys.__excepthook__, io.StringIO, itertools.islice
_name_of: Callable[[object], str] = type.__dict__["__name__"].__get__
_STARTERS = ("subprocess.py", "multiprocessing", "popen_fork.py", "concurrent")


class RefusedError(PermissionError):
    """The grader itself, not the kernel, refuses an operation; `strerror` says which."""


Failure = dict[str, Any]
"""`kind` (an Outcome's value), `type`, `message`, `traceback`, `line`, `column`, `origin`."""


def describe(
    error: BaseException, snippets: Mapping[str, Snippet], limits: Mapping[str, Any]
) -> Failure:
    """The failure as a JSON object. Never raises, whatever the exception does."""
    try:
        return _describe(error, snippets, limits)
    except BaseException as second:
        name = _name_of(type(error))
        return _failure(
            "error",
            name,
            _("{error} (and {other} when it was to be shown)").format(
                error=name, other=_name_of(type(second))
            ),
        )


def _failure(kind: str, name: str, message: str, **more: object) -> Failure:
    base = {"traceback": "", "line": None, "column": None, "origin": ""}
    return {"kind": kind, "type": name, "message": message[:_MAX_MESSAGE], **base, **more}


def _describe(
    error: BaseException, snippets: Mapping[str, Snippet], limits: Mapping[str, Any]
) -> Failure:
    name = _name_of(type(error))
    if isinstance(error, SyntaxError) and error.filename is not None and error.filename in snippets:
        return _syntax(error, snippets[error.filename])
    kind, message = _sentence(error, name, limits)
    parts = _frames(error.__traceback__, snippets)
    lines = _render(parts, snippets)
    headline = _headline(error, name)
    if isinstance(error, AttributeError):
        hint = advice.forgotten_self(_text(error), snippets)
        message, headline = message + hint, headline + hint
    shapes = _shapes(error, snippets)
    shown = "\n".join([*_cause(error, snippets), *lines, *shapes, headline])
    # A helper of the setup speaks for whoever called it.
    callers = [part for part in parts if part[0] != "<setup>"] or parts
    last = callers[-1] if callers else None
    if last is None and (found := advice.definition(_text(error), snippets)) is not None:
        text = found.snippet.source_line(found.line).strip()
        shown = "\n".join([f"  line {found.line}{whose(found.snippet.name)}", f"    {text}", shown])
        where = {"line": found.line, "origin": found.snippet.name}
        return _failure(kind, name, message + found.hint, traceback=shown, **where)
    return _failure(
        kind,
        name,
        message,
        traceback=shown,
        line=last[1] if last else None,
        column=last[3] if last else None,
        origin=last[0] if last else "",
    )


def _sentence(error: BaseException, name: str, limits: Mapping[str, Any]) -> tuple[str, str]:
    memory = limits.get("memory")
    text = _text(error)
    if isinstance(error, SystemExit):
        return "error", _("The code called sys.exit({status}).").format(status=_repr(error.code))
    if isinstance(error, KeyboardInterrupt):
        return "error", _("The code raised KeyboardInterrupt.")
    if isinstance(error, RecursionError):
        return "error", _("The code calls itself too deeply (RecursionError).")
    asked = _asked(text)
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and _exhausted(text, asked)
    ):
        return "memory", _too_much(asked, memory)
    if isinstance(error, OSError):
        error = _wrapped(error)
        number = error.errno
        if number == errno.ENOMEM:
            return "memory", _too_much("", memory)
        if number == errno.EFBIG:
            return "output", _("The code wrote a file larger than allowed.")
        if (
            number in (errno.EPERM, errno.EACCES, errno.EROFS)
            or (number == errno.EAGAIN and _starts_process(error))
            or _name_of(type(error)) == "gaierror"  # nobody can be asked where a name leads
        ):
            return "blocked", _refused(error, text, limits)
    return "error", _headline(error, name)


def _wrapped(error: OSError) -> OSError:
    """What went wrong below: `urllib` hands it over as the reason of an error of its own."""
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, OSError) else error


def _exhausted(text: str, asked: str) -> bool:
    """Whether an error of torch says that there is no more memory."""
    named = "alloc" in text or "out of memory" in text
    return "std::bad_alloc" in text or (named and bool(asked))


def _too_much(asked: str, limit: object) -> str:
    if not asked:
        return _("The code asked for more memory; the limit is {limit} MiB.").format(limit=limit)
    said = _("The code asked for {asked} of memory; the limit is {limit} MiB.")
    return said.format(asked=asked, limit=limit)


def _refused(error: OSError, text: str, limits: Mapping[str, Any]) -> str:
    if _starts_process(error):
        if limits.get("processes"):
            return _("The code started more processes than a grade may have.")
        return _(
            "The code wanted to start a process, which is refused here; "
            "a card allows it with `processes` on its solution fence."
        )
    if isinstance(error, RefusedError):
        said = _("The code wanted to {act}, which is refused while tests run.")
        return said.format(act=_(str(error.strerror)))
    what = f"`{_repr(error.filename)}`" if error.filename else _operation(error, text)
    return _(
        "The code wanted {what}, which is refused here: it reaches no network and "
        "no files but its own temporary folder. No attribute of a card allows that."
    ).format(what=what)


def _operation(error: BaseException, text: str) -> str:
    tb, last = error.__traceback__, ""
    while tb is not None:
        last, tb = tb.tb_frame.f_code.co_filename, tb.tb_next
    if last.endswith("socket.py"):
        return _("a network connection")
    return _("an operation ({what})").format(what=text)


def _starts_process(error: BaseException) -> bool:
    tb = error.__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        if any(part in code.co_filename for part in _STARTERS):
            return True
        names = code.co_names
        if tb.tb_next is None and any(n in names for n in ("fork", "forkpty", "posix_spawn")):
            return True
        tb = tb.tb_next
    return False


def _asked(text: str) -> str:
    found = _ALLOCATE.search(text)
    if not found:
        return ""
    amount = float(found[1]) * _UNITS[found[2] or "bytes"]
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if amount >= _UNITS[unit]:
            return f"{amount / _UNITS[unit]:,.4g} {unit}"
    return f"{amount:.0f} bytes"


def _text(error: BaseException) -> str:
    """`str(error)`, which is foreign code: whatever it does, some text comes back."""
    try:
        text = str(error)
    except BaseException:
        return "<no text: its __str__ raises>"
    return str.__str__(text)[:_MAX_MESSAGE]


def _repr(value: object) -> str:
    try:
        return repr(value)[:100] if not isinstance(value, str) else value[:200]
    except BaseException:
        return _name_of(type(value))


def _headline(error: BaseException, name: str) -> str:
    """The last line of a traceback, with Python's own suggestion."""
    text = _text(error)
    line = f"{name}: {text}" if text else name
    if isinstance(error, NameError | AttributeError | ImportError):
        line += _suggestion(error, text) or advice.usual(text)
    elif isinstance(error, TypeError | RuntimeError):
        line += advice.usual(text)
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        line += "".join(f"\n{note[:500]}" for note in notes[:5] if isinstance(note, str))
    if isinstance(error, BaseExceptionGroup):
        parts = [_headline(part, _name_of(type(part))) for part in error.exceptions[:_MAX_PARTS]]
        line += "".join(f"\n- {part}" for part in parts)
    return line


def _suggestion(error: BaseException, text: str) -> str:
    """`. Did you mean: 'x'?`, which the interpreter computes only while it prints."""
    kept, sys.stderr = sys.stderr, _StringIO()
    try:
        _suggest_hook(type(error), error, error.__traceback__)
        printed = sys.stderr.getvalue()
    except BaseException:
        return ""
    finally:
        sys.stderr = kept
    rest = printed[printed.rfind(text) + len(text) :].strip() if text in printed else ""
    said = rest if rest.startswith(". Did you") else ""
    missing = error.name if type(error) is NameError and type(error.name) is str else ""
    near = said.partition("'")[2].rpartition("'")[0]
    if said and not hasattr(builtins, near):
        return advice.of_module(missing) or said
    meant = advice.of_module(missing) or advice.of_member(missing) or said
    name = getattr(error, "name", None)
    return meant or (advice.alike(name, _names_around(error)) if type(name) is str else "")


def _names_around(error: BaseException) -> list[str]:
    """The names that could have been meant: those at hand, or what a module or tensor has."""
    if isinstance(error, AttributeError):
        if type(error.obj) is ModuleType:
            return [*vars(error.obj)]
        return dir(type(error.obj)) if type(error.obj) is advice.tensor_class() else []
    tb = error.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    if tb is None or not isinstance(error, NameError):
        return []
    return [*tb.tb_frame.f_locals, *tb.tb_frame.f_globals, *vars(builtins)]


_Frame = tuple[str, int, str, int | None, int | None, int | None]
"""Snippet's name, line, function, column, end line and end column."""


def _frames(tb: TracebackType | None, snippets: Mapping[str, Snippet]) -> list[_Frame]:
    """The frames of the snippets, outermost first, with the place each had reached."""
    steps = []
    while tb is not None:
        if tb.tb_frame.f_code.co_filename in snippets:
            steps.append(tb)
        tb = tb.tb_next
    if len(steps) > 2 * _MAX_FRAMES:
        # Only what will be shown is worth reading; the gap is filled by its count alone.
        middle = [_frame(step, exact=False) for step in steps[_MAX_FRAMES:-_MAX_FRAMES]]
        head, tail = steps[:_MAX_FRAMES], steps[-_MAX_FRAMES:]
        return [*map(_frame, head), *middle, *map(_frame, tail)]
    return [_frame(step) for step in steps]


def _frame(step: TracebackType, exact: bool = True) -> _Frame:
    code = step.tb_frame.f_code
    place = (code.co_filename, step.tb_lineno, code.co_name)
    if exact:
        found = list(_islice(code.co_positions(), step.tb_lasti // 2, step.tb_lasti // 2 + 1))
        for start, end, column, end_column in found:
            if start is not None and column is not None:
                return (place[0], start, place[2], column + 1, end, end_column)
    return (*place, None, None, None)


def _render(frames: Sequence[_Frame], snippets: Mapping[str, Snippet]) -> list[str]:
    if len(frames) > _MAX_FRAMES:
        # Deep recursion: the way in, and where it ended.
        left = len(frames) - 5
        head, tail = _render(frames[:3], snippets), _render(frames[-2:], snippets)
        return [*head, "  " + _("… {n} more calls …").format(n=left), *tail]
    lines = []
    for name, number, function, column, end, end_column in frames:
        place = f", in {function}" if function != "<module>" else ""
        lines.append(f"  line {number}{whose(name)}{place}")
        text = snippets[name].source_line(number).rstrip()
        if text:
            start, stop = len(text), 0
            if column is not None:
                start, stop = pointing.columns(text, column, end_column if end == number else None)
            lines += pointing.pointed(text, start, stop, whole=False)
    return lines


def _shapes(error: BaseException, snippets: Mapping[str, Snippet]) -> list[str]:
    """The shapes of the tensors on the answer's line, where an error is about shapes."""
    if not _OF_SHAPES.search(_text(error)):
        return []
    tb, last = error.__traceback__, None
    while tb is not None:
        last = tb if tb.tb_frame.f_code.co_filename == "<answer>" else last
        tb = tb.tb_next
    if last is None or "<answer>" not in snippets:
        return []
    text = snippets["<answer>"].source_line(last.tb_lineno)
    held: dict[str, Any] = last.tb_frame.f_locals
    found = [
        f"{name} {tuple(held[name].size())}"
        for name in dict.fromkeys(_NAME.findall(text))
        if name in held and type(held[name]) is advice.tensor_class()
    ]
    said = _("shapes: {shapes}").format(shapes=", ".join(found[:_MAX_PARTS]))
    return [f"    {said}"] if found else []


def whose(snippet: str) -> str:
    """What is said behind a line that is not the learner's."""
    if snippet == "<answer>":
        return ""
    return " " + _("of the card's {part}").format(part=snippet.strip("<>"))


def _cause(error: BaseException, snippets: Mapping[str, Snippet]) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is None or cause is error:
        return []
    lines = _render(_frames(cause.__traceback__, snippets), snippets)
    if not lines:
        return []
    between = _("which led to:") if error.__cause__ else _("and while that was handled:")
    return [*lines, _headline(cause, _name_of(type(cause))), between]


def _syntax(error: SyntaxError, snippet: Snippet) -> Failure:
    line, column = error.lineno or snippet.line, error.offset or 0
    text = snippet.source_line(line).rstrip()
    start = stop = min(max(column - 1, 0), len(text))
    if error.end_lineno in (None, line) and error.end_offset and error.end_offset > 0:
        stop = error.end_offset - 1
    if column > 0 and text:
        stop = max(stop, start + 1)
    name = _name_of(type(error))
    message = str(error.msg)
    pointed = pointing.pointed(text, start, stop, whole=True)
    shown = "\n".join([f"  line {line}{whose(snippet.name)}", *pointed, f"{name}: {message}"])
    place = _("line {line}, column {column}") if column > 0 else _("line {line}")
    place = place.format(line=line, column=column)
    return _failure(
        "error",
        name,
        _("{error} at {place}: {why}").format(error=name, place=place, why=message),
        traceback=shown,
        line=line,
        column=column or None,
        origin=snippet.name,
    )

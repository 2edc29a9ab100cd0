"""Keeps an answer from looking into the process that tests it.

Tests run in the answer's own process, so what must not be forged is only hidden, by an audit hook
that cannot be removed again: frames above the answer's own, the garbage collector's lists, tracing,
and raw memory. It makes forging a deliberate attack on the interpreter, no more; a verdict on
values never rests on it.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import sys
import threading
from types import FrameType
from typing import Any

from quiz.grade.failures import RefusedError
from quiz.language import mark

_FRAME_ATTRIBUTES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
_HELPERS = ("inspect.py", "traceback.py", "ctypes/__init__.py", "ctypes/util.py", "threading.py")
_ALWAYS = {
    "gc.get_objects": mark("list the objects of its process"),
    "gc.get_referrers": mark("list the objects of its process"),
    "gc.get_referents": mark("list the objects of its process"),
    "sys._current_frames": mark("look into the frames of its process"),
    "sys._current_exceptions": mark("look into the frames of its process"),
    "sys._getframe": mark("look into the frames of its callers"),
    "sys.settrace": mark("trace its process"),
    "sys.setprofile": mark("trace its process"),
    "ctypes.dlopen": mark("reach raw memory"),
    "ctypes.dlsym": mark("reach raw memory"),
    "ctypes.addressof": mark("reach raw memory"),
    "ctypes.cdata": mark("reach raw memory"),
    "ctypes.string_at": mark("reach raw memory"),
    "ctypes.wstring_at": mark("reach raw memory"),
    "code.__new__": mark("make code objects"),
}
_FRAMES = mark("look into the frames of its process")
_getframe, _ident = sys._getframe, threading.get_ident


def keep(snippets: tuple[str, ...]) -> None:
    """From now on code of these file names is refused what would let it see its examiner."""
    busy: set[int] = set()

    def hook(event: str, args: tuple[object, ...]) -> None:
        what = _ALWAYS.get(event)
        if what is None:
            if event not in ("object.__getattr__", "object.__setattr__"):
                return
            name = args[1]
            if name != "__code__" and name not in _FRAME_ATTRIBUTES:
                return
            if name == "__code__" and event == "object.__getattr__":
                return
            what = _FRAMES
        thread = _ident()
        if thread in busy:  # the hook's own look at the frames
            return
        busy.add(thread)
        try:
            foreign = _asked_by(_getframe(1), snippets)
        finally:
            busy.discard(thread)
        if foreign:
            raise RefusedError(errno.EPERM, what)

    sys.addaudithook(hook)


def hide(package: str) -> None:
    """Leaves a package's classes out of every `__subclasses__()`, by which all can be listed.

    Nothing but CPython's own table of `type` allows that, and only through the garbage collector.
    """
    table: dict[str, Any] = gc.get_referents(vars(type))[0]
    listed = table["__subclasses__"]

    def subclasses(cls: type) -> list[type]:
        return [c for c in listed(cls) if c.__module__.partition(".")[0] != package]

    table["__subclasses__"] = subclasses
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(type))


def _asked_by(frame: FrameType | None, snippets: tuple[str, ...]) -> bool:
    """Whether a snippet asked, by itself or through a helper that hands over what it finds."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name in snippets:
            return True
        logs = name.endswith("logging/__init__.py") and frame.f_code.co_name == "<lambda>"
        if not (logs or name.endswith(_HELPERS)):
            return False
        frame = frame.f_back
    return False

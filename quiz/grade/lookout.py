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
import os
import site
import sys
import sysconfig
import threading
from pathlib import Path
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
    "marshal.loads": mark("make code objects"),
}
_FRAMES = mark("look into the frames of its process")
_CODE = _ALWAYS["code.__new__"]
_getframe, _ident, _text = sys._getframe, threading.get_ident, str
_LIBRARIES = (
    *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
    *site.getsitepackages(),
    site.getusersitepackages(),
    str(Path(os.__file__).parent),
    str(Path(__file__).parent),
)
_TRUSTED = (
    *(f"{path}{os.sep}" for path in _LIBRARIES),
    "<frozen ", "<setup>", "<cases>", "<solution>", "<test>",
)  # fmt: skip


def is_trusted(name: str) -> bool:
    """Whether code compiled under this file name is a library's or the card's.

    While somebody is kept from looking, no answer can compile under such a name.
    """
    return _text.startswith(name, _TRUSTED)


def keep() -> None:
    """From now on an answer, whatever it runs, is refused what would let it see its examiner."""
    busy: set[int] = set()

    def hook(event: str, args: tuple[object, ...]) -> None:
        what = _ALWAYS.get(event) or _asked_for(event, args)
        if what is None:
            return
        thread = _ident()
        if thread in busy:  # the hook's own look at the frames
            return
        busy.add(thread)
        try:
            foreign = _asked_by(_getframe(1))
        finally:
            busy.discard(thread)
        if foreign:
            raise RefusedError(errno.EPERM, what)

    sys.addaudithook(hook)


def _asked_for(event: str, args: tuple[object, ...]) -> str | None:
    """What is wanted with an event that only matters for some of its arguments."""
    if event == "compile":
        name = args[1]
        return _CODE if isinstance(name, str) and is_trusted(name) else None
    if event in ("object.__getattr__", "object.__setattr__"):
        name = args[1]
        if name in _FRAME_ATTRIBUTES or (name == "__code__" and event == "object.__setattr__"):
            return _FRAMES
    return None


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


def _asked_by(frame: FrameType | None) -> bool:
    """Whether an answer asked, by itself or through a helper that hands over what it finds."""
    while frame is not None:
        name = frame.f_code.co_filename
        if not is_trusted(name):
            return True
        logs = name.endswith("logging/__init__.py") and frame.f_code.co_name == "<lambda>"
        if not (logs or name.endswith(_HELPERS)):
            return False
        frame = frame.f_back
    return False

"""A thread that goes through many files gives way to one that must not wait.

A call of the system gives the interpreter's lock up and takes it back at once: whoever was woken
for it comes too late, and asks for it again from the beginning. A loop of short calls so keeps an
event loop waiting for tenths of a second, whatever `sys.setswitchinterval` says. A moment of real
sleep, now and then, lets it in.
"""

from __future__ import annotations

import threading
import time

_EVERY = 0.002
_MOMENT = 0.00005

_asked = False
_since = 0.0


def ask_for_courtesy() -> None:
    """From now on there is somebody, in the main thread, who must not wait."""
    global _asked
    _asked = True


def give_way() -> None:
    """Called in a thread between one file and the next."""
    global _since
    if not _asked or time.perf_counter() - _since < _EVERY:
        return
    if threading.current_thread() is not threading.main_thread():
        time.sleep(_MOMENT)
        _since = time.perf_counter()

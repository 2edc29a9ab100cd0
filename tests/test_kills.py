"""`python -m tests.bench kills --count 1000` does the same many times."""

from __future__ import annotations

import sys

import pytest

from tests.kills import ACTS, kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")


@pytest.mark.parametrize("act", ACTS)
def test_what_was_acknowledged_survives_a_kill_and_what_is_left_is_sound(act: str) -> None:
    kill(act, 4)

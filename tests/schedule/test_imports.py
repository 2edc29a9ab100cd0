"""What an import pulls in, seen in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

ROOM = (
    "days",
    "fit",
    "fuzz",
    "limits",
    "memory",
    "policy",
    "queue",
    "replay",
    "scheduler",
    "weights",
)


@pytest.mark.parametrize("package", ["torch", "fsrs"])
def test_importing_the_room_loads_neither_torch_nor_the_memory_model(package: str) -> None:
    names = ", ".join(f"quiz.schedule.{module}" for module in ROOM)
    code = f"import sys, {names}; print({package!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_scheduling_loads_the_memory_model_without_torch() -> None:
    code = (
        "import sys; from datetime import UTC; from quiz.schedule.days import Calendar;"
        "from quiz.schedule.policy import Policy; from quiz.schedule.scheduler import Scheduler;"
        "Scheduler(Policy(), Calendar(UTC));"
        "print('fsrs' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]

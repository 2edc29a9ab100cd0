"""The installed program, run as a user runs it: a process, arguments, an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli import processes

NE = """\
---
tags: [tensor]
---
# torch.ne

Element-wise *not equal*.

## What does `torch.ne(a, b)` return?

A bool tensor.

## Write `not_equal(a, b)`. {#write}

```python starter
def not_equal(a, b):
    ...
```

```python solution forbid="!="
def not_equal(a, b):
    return ~torch.eq(a, b)
```

```python cases
yield torch.tensor([1, 2]), torch.tensor([1, 3])
yield torch.randint(0, 3, (4, 5)), 1
```
"""


@dataclass(frozen=True)
class Result:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Quiz = Callable[..., Result]


@pytest.fixture
def quiz(tmp_path: Path) -> Quiz:
    """Runs `quiz` in the temporary folder, with a history there."""

    def run(*arguments: str | Path, stdin: str = "", **environment: str) -> Result:
        given = [*map(str, arguments)]
        whole = {**os.environ, "QUIZ_DB": str(tmp_path / "history.db"), **environment}
        if any(name.startswith("PYTHON") for name in environment):
            done = subprocess.run(
                [sys.executable, "-m", "quiz.cli", *given],
                cwd=tmp_path,
                env=whole,
                input=stdin,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            result = Result(done.returncode, done.stdout, done.stderr)
        else:
            code = processes.run(given, tmp_path, whole, stdin)
            out, err = (tmp_path.with_suffix(name).read_text("utf-8") for name in (".out", ".err"))
            result = Result(code, out, err)
        assert "Traceback" not in result.out + result.err, result.err
        return result

    return run


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A collection of one concept at `./cards`."""
    root = tmp_path / "cards"
    (root / "tensors").mkdir(parents=True)
    (root / "tensors" / "ne.md").write_text(NE, encoding="utf-8")
    return root

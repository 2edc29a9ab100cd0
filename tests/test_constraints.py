"""What is pinned can be installed with every Python that the project promises."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
PROMISED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
OLDEST = PROMISED.removeprefix(">=") + ".0"
PINNED = [line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text().split()]


@pytest.mark.parametrize("name", PINNED)
def test_a_pinned_package_takes_the_oldest_python_that_is_promised(name: str) -> None:
    (needed,) = distribution(name).metadata.get_all("Requires-Python") or [""]
    assert SpecifierSet(needed).contains(OLDEST), f"{name} needs Python {needed}"

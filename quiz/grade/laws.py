"""What schedules and distributions are: the rates that one gives, the law the other draws by.

Two that are made otherwise may be the same: a schedule by functions is what these give, and a
distribution by probabilities is that by their logarithms. Runs in a jail; functions of foreign code
are called, as iterators are drawn from.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

import torch

from quiz.grade import native
from quiz.grade.native import Foreign

_CALLED = native.numbers_of((types.FunctionType, types.MethodType, functools.partial))
_STEPS = (*range(100), *(100 << doubled for doubled in range(10)))
"""Steps at which a function of a schedule is asked."""
_UNSEEN = ("optimizer", "_step_count", "_is_initial", "_get_lr_called_within_step")
"""What a schedule holds that says nothing of the rates it gives."""
_SAID_OTHERWISE = {
    "logits": "probs",
    "precision_matrix": "covariance_matrix",
    "scale_tril": "covariance_matrix",
}
"""Parameters of distributions that follow from another one, which alone is looked at."""
_PLAIN = native.numbers_of((native.Tensor, native.Parameter, float, int, bool, torch.Size))
_type, _read = type, getattr


def of_schedule(held: dict[str, Foreign]) -> dict[str, Foreign]:
    """The parts of a schedule, from what it holds."""
    return {name: number(_given(held[name])) for name in sorted(held) if name not in _UNSEEN}


def number(value: Foreign) -> Foreign:
    """An option with a whole number as an int: `power=2.0` is `power=2`."""
    return int(value) if _type(value) is float and value.is_integer() else value


def _given(value: Foreign) -> Foreign:
    if id(_type(value)) in _CALLED:
        return _asked(value)
    return [_given(item) for item in value] if _type(value) is list else value


def _asked(function: Callable[[int], Foreign]) -> list[Foreign]:
    """What a function gives for each step, up to one that it does not know."""
    found: list[Foreign] = []
    try:
        for step in _STEPS:
            found.append(number(function(step)))
    except Exception:
        return found
    return found


def is_distribution(cls: type) -> bool:
    """Whether this is a class of distributions, or of what transforms them."""
    return any(native.descends(_library(*place), cls) for place in _CLASSES)


_CLASSES = (
    ("torch.distributions.distribution", "Distribution"),
    ("torch.distributions.transforms", "Transform"),
)


def _library(module: str, name: str) -> object:
    """A class where anybody has loaded it: not worth the time otherwise."""
    return getattr(sys.modules.get(module), name, native.Missing)


def of_distribution(value: Foreign, cls: type, held: dict[str, Foreign]) -> dict[str, Any]:
    """The parameters of a distribution, and what it is made of."""
    said = native.static(cls, "arg_constraints")
    names = list(said) if _type(said) is dict else []
    found = {name: held[name] for name in held if _tells(name, held[name])}
    for name in names:
        if _SAID_OTHERWISE.get(name) in names:
            found.pop(name, None)
        else:
            with native.grad_on():
                found[name] = _read(value, name)
    return {name: found[name] for name in sorted(found)}


def _tells(name: str, item: Foreign) -> bool:
    """Whether what a distribution holds is part of its law, and nothing that it keeps for later."""
    cls = _type(item)
    if name in ("_batch_shape", "_event_shape"):
        return True
    if cls is list:
        return all(is_distribution(_type(part)) for part in item)
    return is_distribution(cls) or (id(cls) in _PLAIN and not name.startswith("_"))

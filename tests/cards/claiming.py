"""How a claim is tied to its question.

A claim is a small function with asserts, registered under the id of the question whose answer,
options or explanation it checks. Claims are quick (tiny tensors) and draw from a seeded stream.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

Check = Callable[[], None]
Register = Callable[[str], Callable[[Check], Check]]

CLAIMS: dict[str, Check] = {}
"""By the id of the question, without the part that tells the gaps of a cloze apart."""


def claims_of(deck: str) -> Register:
    """A decorator factory: `about = claims_of("pytorch/tensors")`, then `@about("ne#returns")`."""

    def about(question: str) -> Callable[[Check], Check]:
        def keep(check: Check) -> Check:
            name = f"{deck}/{question}"
            if name in CLAIMS:
                raise ValueError(f"{name} has a check already")
            CLAIMS[name] = check
            return check

        return keep

    return about


def grad_of(tensor: Tensor) -> Tensor:
    """The gradient that a leaf has collected; there must be one."""
    assert tensor.grad is not None
    return tensor.grad

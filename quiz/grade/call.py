"""What `call(…)` means in a `cases` fence."""

from __future__ import annotations

from dataclasses import dataclass, field

from quiz.grade.native import Foreign


@dataclass
class Call:
    """What `call(…)` in a `cases` fence makes: one call, and for a class the calls that follow."""

    args: tuple[Foreign, ...]
    kwargs: dict[str, Foreign]
    following: list[Call] = field(default_factory=list)

    def then(self, *args: Foreign, **kwargs: Foreign) -> Call:
        """Adds a call on what the call before returned the instance of."""
        self.following.append(Call(args, kwargs))
        return self

    @property
    def parts(self) -> list[Call]:
        return [self, *self.following]

    def inputs(self) -> list[tuple[str, Foreign]]:
        """Every argument with a name to speak of it by: `0`, `x`, and `1:0` after `.then`."""
        named: list[tuple[str, Foreign]] = []
        for number, part in enumerate(self.parts):
            head = f"{number}:" if number else ""
            named += [(f"{head}{i}", value) for i, value in enumerate(part.args)]
            named += [(f"{head}{key}", value) for key, value in part.kwargs.items()]
        return named


def call(*args: Foreign, **kwargs: Foreign) -> Call:
    """One call's arguments, for the `cases` fence."""
    return Call(args, kwargs)

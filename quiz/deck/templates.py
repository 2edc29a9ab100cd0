"""What `quiz add` and `quiz init` write: a question of each kind, a concept, a new collection."""

from __future__ import annotations

from collections.abc import Mapping

from quiz.language import _, mark
from quiz.model.question import Kind

QUESTIONS: Mapping[Kind, str] = {
    Kind.RECALL: mark("""\
## What does `torch.ne(a, b)` return?

A `bool` tensor of the broadcast shape, `True` where the elements differ.
"""),
    Kind.CLOZE: mark("""\
## `torch.ne(input, other)`: `other` may be a {{c1::tensor}} or a {{c2::number::not a tensor}}.

---

What stands below the break is shown once answered.
"""),
    Kind.CHOICE: mark("""\
## Which of these equal `torch.ne(a, b)`?

- [x] `a != b`
- [x] `~torch.eq(a, b)`
- [ ] `not torch.eq(a, b)`
  `not` needs one truth value; a tensor of several elements has none.
"""),
    Kind.TYPED: mark("""\
## What is the dtype of `torch.ne(a, b)`?

```answer
torch.bool
bool
```
"""),
    Kind.PREDICT: mark("""\
## What does this print?

```python predict
a = torch.tensor([[2, 5], [4, 3]])
print(torch.ne(a, torch.tensor([[2, 8], [2, 3]])))
```
"""),
    Kind.CODE: mark("""\
## Write `not_equal(a, b)` without `torch.ne` and without `!=`.

> [!TIP]
> Which comparison do you still have, and how do you negate a bool tensor?

```python starter
def not_equal(a, b):
    ...
```

```python solution forbid="torch.ne torch.not_equal !="
def not_equal(a, b):
    return ~torch.eq(a, b)
```

```python cases
yield torch.tensor([[2, 5], [4, 3]]), torch.tensor([[2, 8], [2, 3]])
yield torch.randint(0, 3, (4, 5)), 1
```

---

`~` is `logical_not` on a bool tensor; on an integer tensor it is bitwise.
"""),
}
"""An example of each kind, ready to be written over; each begins with its `##` line."""

_NOTE = mark("What stands here is the note: shown after an answer, never asked.\n")

_CONFIG = mark("""\
# Everything here is optional; the lines behind `#` show the defaults.
name = "{name}"
# language = "ko"            # show the translations NAME.ko.md where there are some
# new_per_day = 20
# reviews_per_day = 200
# desired_retention = 0.90
# timeout = 10.0             # seconds for a grade
# memory = 1024              # MiB for a grade

# [decks."path/of/deck"]     # what one folder does differently
# new_per_day = 5
""")


def question(kind: Kind) -> str:
    """An example question of a kind, to be appended to a concept."""
    return _(QUESTIONS[kind])


def concept(title: str, *kinds: Kind) -> str:
    """A new card file with an example of each of `kinds` (none: a recall question)."""
    parts = [f"---\ntags: []\n---\n\n# {_line(title)}\n", _(_NOTE)]
    parts += [question(kind) for kind in kinds or (Kind.RECALL,)]
    return "\n".join(parts)


def collection(name: str) -> Mapping[str, str]:
    """The files of a new collection, by their path: settings, and a concept with every kind."""
    quoted = _line(name).replace("\\", "\\\\").replace('"', '\\"')
    return {
        "quiz.toml": _(_CONFIG).format(name=quoted or "cards"),
        "welcome.md": concept(_("Welcome: torch.ne"), *Kind),
    }


def _line(text: str) -> str:
    """`text` as one line, without control signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

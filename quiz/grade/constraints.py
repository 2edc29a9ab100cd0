"""The constraints of a question, checked on an answer's syntax tree: forbid, require, lines.

A dotted name is meant however it is reached: `torch.ne` is also `from torch import ne`, an alias
of the module, the method `x.ne(y)`, its in-place form, `torch.ops.aten.ne` and
`getattr(torch, "ne")`; `nn.Linear` is `torch.nn.modules.linear.Linear`, and `torch.softmax` is
`F.softmax`. A module is all that is in it. Annotations and the sign of a number compute nothing, so
they use no operator. Standard library only, and nothing is run; what modules hold is looked up in
those that are loaded.
"""

from __future__ import annotations

import ast
import builtins
import io
import sys
import tokenize
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from quiz.grade.members import own_members
from quiz.grade.reach import idle
from quiz.language import _, counted

OPERATORS: Mapping[str, tuple[type[ast.AST], ...]] = {
    "+": (ast.Add, ast.UAdd),
    "-": (ast.Sub, ast.USub),
    "*": (ast.Mult,),
    "/": (ast.Div,),
    "//": (ast.FloorDiv,),
    "%": (ast.Mod,),
    "**": (ast.Pow,),
    "@": (ast.MatMult,),
    "&": (ast.BitAnd,),
    "|": (ast.BitOr,),
    "^": (ast.BitXor,),
    "~": (ast.Invert,),
    "<<": (ast.LShift,),
    ">>": (ast.RShift,),
    "==": (ast.Eq,),
    "!=": (ast.NotEq,),
    "<": (ast.Lt,),
    "<=": (ast.LtE,),
    ">": (ast.Gt,),
    ">=": (ast.GtE,),
    ":=": (ast.NamedExpr,),
    "[]": (ast.Subscript,),
    "not": (ast.Not, ast.NotIn, ast.IsNot),
    "and": (ast.And,),
    "or": (ast.Or,),
    "is": (ast.Is, ast.IsNot),
    "in": (ast.In, ast.NotIn),
}
STATEMENTS: Mapping[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, ast.comprehension),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "def": (ast.FunctionDef, ast.AsyncFunctionDef),
    "class": (ast.ClassDef,),
    "lambda": (ast.Lambda,),
    "return": (ast.Return,),
    "yield": (ast.Yield, ast.YieldFrom),
    "import": (ast.Import, ast.ImportFrom),
    "with": (ast.With, ast.AsyncWith),
    "try": (ast.Try, ast.TryStar),
    "raise": (ast.Raise,),
    "assert": (ast.Assert,),
    "del": (ast.Delete,),
    "global": (ast.Global,),
    "nonlocal": (ast.Nonlocal,),
    "async": (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith),
    "await": (ast.Await,),
    "match": (ast.Match,),
    "pass": (ast.Pass,),
    "break": (ast.Break,),
    "continue": (ast.Continue,),
}
_ANYWHERE = ("import", "yield")
"""Statements that do something where they are never reached: one makes a generator."""
_SPECIAL = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
    "@": "matmul", "&": "and", "|": "or", "^": "xor", "~": "invert", "<<": "lshift",
    ">>": "rshift", "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
    "[]": "getitem",
}  # fmt: skip
_ALIASES = {"nn": "torch.nn", "F": "torch.nn.functional", "np": "numpy"}
_HIDERS = (
    "eval", "exec", "compile", "__import__", "__builtins__", "globals", "vars", "importlib",
)  # fmt: skip
_FINDERS = (
    "inspect.getmembers", "inspect.getattr_static", "pickle.load", "pickle.loads", "pydoc.locate",
    "pkgutil.resolve_name", "torch.jit.CompilationUnit",
)  # fmt: skip
"""What gives a thing by its name as text, or by code that is text."""
_READERS = {"getattr": 1, "operator.attrgetter": 0, "operator.methodcaller": 0}
"""What reads an attribute by its name as text, and which argument that is."""
_IF = ast.If(ast.Constant(True), [], [])
"""Stands for the condition of a comprehension or of a `case`."""
_BOUNDS = ("torch.finfo", "torch.iinfo")
_SAME = ("torch.Tensor", "torch.functional", "torch.ops", "torch._C", "torch._VF")
"""Where torch's functions are to be found once more."""
_NAMESAKES = ("torch", "torch.nn.functional", "torch.special")
"""Modules of which two do the same under the same name."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A constraint the answer breaks; line and column from 1, 0 where the whole answer is meant."""

    message: str
    line: int = 0
    column: int = 0


def check(
    tree: ast.Module,
    text: str,
    *,
    forbid: tuple[str, ...] = (),
    require: tuple[str, ...] = (),
    lines: int | None = None,
) -> list[Breach]:
    """Every constraint the answer breaks, in the order of its lines."""
    names = _Names(tree, (*forbid, *require))
    found = [
        Breach(_("`{word}` may not be used here.").format(word=word), *place)
        for word in forbid
        for place in names.places(word)[:1]
    ]
    if forbid and not found:
        found += [
            Breach(_("`{word}` could hide what may not be used here.").format(word=name), *place)
            for name, place in names.hidden()
        ][:1]
    found += [
        Breach(_("The answer must use `{word}`.").format(word=word))
        for word in require
        if not names.is_used(word)
    ]
    if lines is not None and (count := logical_lines(text)) > lines:
        said = counted(
            "The answer has {count} lines; one line of code is allowed.",
            "The answer has {count} lines; {n} lines of code are allowed.",
            lines,
            count=count,
        )
        found.append(Breach(said))
    return sorted(found, key=lambda breach: (not breach.line, breach.line, breach.column))


def logical_lines(text: str) -> int:
    """Logical lines as Python counts them; statements joined by `;` count one each.

    Text that stands by itself, as a docstring does, is no code.
    """
    count, open_statement = 0, False
    skip = (
        tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
        tokenize.STRING,
    )  # fmt: skip
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        ends = token.type == tokenize.NEWLINE or (token.type == tokenize.OP and token.string == ";")
        if ends:
            count += open_statement
            open_statement = False
        elif token.type not in (*skip, tokenize.ENDMARKER):
            open_statement = True
    return count


_Place = tuple[int, int]


class _Names:
    """What an answer names and uses, each with its places."""

    def __init__(self, tree: ast.Module, words: Iterable[str]) -> None:
        self.tree = tree
        self.words = {_full(word) for word in words}
        self.aliases = dict(_ALIASES)
        self.stars: list[str] = []
        self.called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        self.pythons = {id(node) for node in _methods_of_python(tree)}
        self.own = own_members(tree)
        self.silent = {id(part) for node in _annotations(tree) for part in ast.walk(node)}
        for node in ast.walk(tree):
            self._learn(node)
        self.said = [(node, names) for node in ast.walk(tree) if (names := self._names_in(node))]
        """What names something, and its full names."""
        self.things = {name: _loaded(name) for _node, names in self.said for name in names}

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    self.aliases[alias.asname] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(node.module)
                else:
                    self.aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign) and (dotted := self._worth(node.value)):
            for target in node.targets:
                # `t = torch` makes `t.ne` a way to say torch.ne.
                if isinstance(target, ast.Name) and dotted.split(".")[0] == "torch":
                    self.aliases[target.id] = dotted

    def _worth(self, node: ast.expr) -> str | None:
        """The full name that an assignment gives another name to."""
        return self.dotted(node.func if self._bounds(node) and isinstance(node, ast.Call) else node)

    def dotted(self, node: ast.AST) -> str | None:
        """The full name of `a.b.c`, aliases resolved; None where it is no plain name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([self.aliases.get(node.id, node.id), *reversed(parts)])

    def places(self, word: str) -> list[_Place]:
        """Where the answer uses a word of a constraint, first place first."""
        kinds = (*OPERATORS.get(word, ()), *STATEMENTS.get(word, ()))
        if word in OPERATORS or word in STATEMENTS:
            found = list(self._kinds(kinds))
            if word in _SPECIAL:
                found += self._named(f"operator.{_SPECIAL[word]}")
                found += self._named("operator.itemgetter") if word == "[]" else []
                found += self._attributes({f"__{_SPECIAL[word]}__"})
            return sorted(found)
        return sorted(self._named(word))

    def is_used(self, word: str) -> bool:
        """Whether the answer uses it where it can do something."""
        return any(word in _ANYWHERE or place not in self._still for place in self.places(word))

    @cached_property
    def _still(self) -> set[_Place]:
        """Where code comes to nothing."""
        return {_place(node) for node in idle(self.tree) if hasattr(node, "lineno")}

    def _kinds(self, kinds: tuple[type[ast.AST], ...]) -> Iterator[_Place]:
        for node in ast.walk(self.tree):
            if id(node) in self.silent or _is_number(node):
                continue
            parts: list[ast.AST] = [node]
            if isinstance(node, ast.Compare):
                parts += node.ops
            elif isinstance(node, ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.AugAssign):
                parts.append(node.op)
            elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
                parts += node.generators
                parts += [_IF for part in node.generators if part.ifs]
            elif isinstance(node, ast.Match):
                parts += [_IF for case in node.cases if case.guard]
            if isinstance(node, ast.expr | ast.stmt) and any(isinstance(p, kinds) for p in parts):
                yield _place(node)

    def _named(self, word: str) -> list[_Place]:
        full = _full(word)
        owner, _dot, last = full.rpartition(".")
        meant = {full, f"builtins.{full}"}
        if owner in _NAMESAKES:
            # Where a question speaks of both, it tells them apart.
            meant |= {f"{other}.{last}" for other in _NAMESAKES} - (self.words - {full})
        thing = _loaded(full)
        found = [
            _place(node)
            for node, names in self.said
            if not meant.isdisjoint(names)
            or any(name.startswith(f"{full}.") for name in names)
            or (thing and any(self.things[n] is thing for n in names))
        ]
        if owner:
            if full.split(".")[0] == "torch":
                found += self._attributes({last, f"{last}_", f"_{last}"}, beside=True)
        elif not hasattr(builtins, full):
            found += self._attributes({full})
        return found

    def _names_in(self, node: ast.AST) -> list[str]:
        if isinstance(node, ast.alias):
            known = self.aliases.get(node.asname or node.name)
            return [node.name] if known is None else [node.name, known]
        if isinstance(node, ast.ImportFrom):
            return [node.module] if node.module and not node.level else []
        name = self.dotted(node)
        stars = self.stars if isinstance(node, ast.Name) else []
        return [] if name is None else [name, *(f"{star}.{name}" for star in stars)]

    def _attributes(self, names: set[str], *, beside: bool = False) -> list[_Place]:
        """Attributes of these names; `beside`: only of what is no module, as methods are."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and node.attr in names:
                if not beside or not (self._elsewhere(node) or id(node) in self.pythons):
                    found.append(_place(node))
            elif self._read(node) in names or (
                isinstance(node, ast.MatchClass) and names.intersection(node.kwd_attrs)
            ):
                found.append(_place(node))
        return found

    def _elsewhere(self, node: ast.Attribute) -> bool:
        """Whether the attribute is something else than torch's function of that name."""
        owner = self.dotted(node.value)
        if self._bounds(node.value):
            return id(node) not in self.called  # the `max` of `torch.finfo(x.dtype)`
        if owner == "self" and node.attr in self.own:
            return True
        if owner is None or owner.split(".")[0] not in ("torch", "math", "operator", *_PYTHON):
            return False
        return not any(f"{owner}.".startswith(f"{place}.") for place in _SAME)

    def _bounds(self, node: ast.AST) -> bool:
        """Whether this is `torch.finfo(…)`, or a name for it."""
        made = node.func if isinstance(node, ast.Call) else node
        return self.dotted(made) in _BOUNDS

    def _read(self, node: ast.AST) -> str | None:
        """The attribute that a call reads by its name as text; None where it is no such call."""
        if isinstance(node, ast.Call) and (name := self.dotted(node.func)) is not None:
            place = _READERS.get(name.removeprefix("builtins."))
            if place is not None and len(node.args) > place:
                text = node.args[place]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    return text.value.rpartition(".")[2]
        return None

    def hidden(self) -> Iterator[tuple[str, _Place]]:
        """Ways to reach any name without writing it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and node.id in _HIDERS:
                yield node.id, _place(node)
            elif isinstance(node, ast.Attribute) and node.attr in ("__dict__", "__getattribute__"):
                yield node.attr, _place(node)
            elif (self._reads(node) and self._computed()) or self.dotted(node) in _FINDERS:
                yield ast.unparse(node), _place(node)
            elif isinstance(node, ast.alias) and node.name.split(".")[0] == "importlib":
                yield node.name, (node.lineno, node.col_offset + 1)

    def _reads(self, node: ast.AST) -> bool:
        return (self.dotted(node) or "").removeprefix("builtins.") in _READERS

    def _computed(self) -> bool:
        uses = [node for node in ast.walk(self.tree) if self._reads(node)]
        plain = [node for node in ast.walk(self.tree) if self._read(node) is not None]
        return len(uses) > len(plain)


_PYTHON = {cls.__name__: cls for cls in (str, bytes, list, set, dict)}
_OF_PYTHON = {name for cls in _PYTHON.values() for name in dir(cls)}


def _methods_of_python(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Calls of `split`, `sort` and the like that no tensor understands or that give nothing.

    Those of a string or with one, without any argument where torch wants one, with a key to sort
    by, and those whose result nobody takes: `words.sort()` and `seen.add(1)` are not torch's.
    """
    unused = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        method = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(method, ast.Attribute):
            asked = _is_text(method.value) or any(map(_is_text, node.args))
            keyed = any(keyword.arg in ("key", "reverse", "maxsplit") for keyword in node.keywords)
            alone = method.attr == "split" and not node.args and not node.keywords
            if method.attr in _OF_PYTHON and (asked or keyed or alone or id(node) in unused):
                yield method


def _matched(node: ast.AST) -> list[str]:
    """The attributes that a pattern reads: `case Point(x=0)`."""
    return node.kwd_attrs if isinstance(node, ast.MatchClass) else []


def _full(word: str) -> str:
    """A word of a constraint with the first of its names written out."""
    head, dot, rest = word.partition(".")
    return f"{_ALIASES.get(head, head)}{dot}{rest}"


def _loaded(dotted: str) -> object:
    """The function or class that a full name stands for; None where none is loaded under it."""
    head, *rest = dotted.split(".")
    found: object = sys.modules.get(head) if rest else None
    for name in rest:
        found = vars(found).get(name) if isinstance(found, type | types.ModuleType) else None
    return found if callable(found) else None


def _is_text(node: ast.expr) -> bool:
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    return constant or isinstance(node, ast.JoinedStr)


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (annotation := getattr(node, name, None)) is not None:
                yield annotation


def _is_number(node: ast.AST) -> bool:
    """Whether this is the sign of a number: `-1`."""
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub | ast.UAdd)
        and isinstance(node.operand, ast.Constant)
    )


def _place(node: ast.AST) -> _Place:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1

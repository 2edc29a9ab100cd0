"""Source text of cards and answers: made ready for the compiler, and read without running it.

Every snippet is compiled under a file name in angle brackets that says whose it is; a fence of a
card keeps the line numbers of its file. Standard library only.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import TypeGuard

from quiz.language import _

ANSWER = "<answer>"
"""File name under which the learner's code is compiled."""
MAX_SOURCE = 1024 * 1024
"""Characters of an answer."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of source: whose it is, and where its first line stands."""

    text: str
    name: str
    """The file name it is compiled under: `<answer>`, `<setup>`, `<cases>`…"""
    line: int = 1

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def source_line(self, number: int) -> str:
        """The line with that number, counted as in the file; empty where there is none."""
        index = number - self.line
        lines = self.lines
        return lines[index] if 0 <= index < len(lines) else ""


def normalise(text: str) -> str:
    """The text without byte order mark, with `\\n` line ends and one at the end."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def parse(snippet: Snippet) -> ast.Module:
    """The snippet's syntax tree, numbered as in its file.

    Raises SyntaxError (also for NUL bytes, lone surrogates and too deep nesting), with line
    numbers as in the file.
    """
    try:
        tree = _parse(snippet)
    except SyntaxError as error:
        if error.lineno is None:  # NUL bytes
            raise _syntax_error(str(error.msg), snippet) from None
        _shift(error, snippet.line - 1)
        raise
    except ValueError as error:  # NUL bytes before 3.11.4, lone surrogates
        message = (
            _("source code cannot contain null bytes")
            if "null" in str(error)
            else _("source code cannot contain characters that are no Unicode text")
        )
        raise _syntax_error(message, snippet) from None
    except (RecursionError, MemoryError):
        raise _syntax_error(_("the code is nested too deeply"), snippet) from None
    if snippet.line != 1:
        ast.increment_lineno(tree, snippet.line - 1)
    return tree


def _parse(snippet: Snippet) -> ast.Module:
    try:
        return ast.parse(snippet.text, snippet.name)
    except TabError:
        # Mixed tabs and blanks are read as four columns each, where that makes sense of them.
        try:
            return ast.parse(_expand(snippet.text), snippet.name)
        except SyntaxError:
            pass
        raise


def _expand(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        body = line.lstrip(" \t")
        lines.append(line[: len(line) - len(body)].expandtabs(4) + body)
    return "\n".join(lines)


def compile_tree(tree: ast.Module | ast.Expression, snippet: Snippet) -> CodeType:
    """The tree as code; raises SyntaxError as `parse` does."""
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    try:
        code: CodeType = compile(tree, snippet.name, mode, dont_inherit=True)
    except (RecursionError, MemoryError):
        raise _syntax_error(_("the code is nested too deeply"), snippet) from None
    return code


def _syntax_error(message: str, snippet: Snippet) -> SyntaxError:
    line, column = snippet.line, 0
    for number, text in enumerate(snippet.lines, snippet.line):
        bad = [i for i, c in enumerate(text) if c == "\0" or "\ud800" <= c <= "\udfff"]
        if bad:
            line, column = number, bad[0] + 1
            break
    return SyntaxError(message, (snippet.name, line, column, snippet.source_line(line)))


def _shift(error: SyntaxError, by: int) -> None:
    if error.lineno is not None:
        error.lineno += by
    if error.end_lineno is not None:
        error.end_lineno += by


def entry_name(tree: ast.Module) -> str | None:
    """The name of the last definition: function, class, or a lambda given a name."""
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return node.name
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Lambda)
            and isinstance(node.targets[0], ast.Name)
        ):
            return node.targets[0].id
    return None


def is_class(tree: ast.Module, entry: str) -> bool:
    """Whether the target is defined as a class."""
    return any(isinstance(node, ast.ClassDef) and node.name == entry for node in tree.body)


def parameters(tree: ast.Module, entry: str) -> tuple[str, ...]:
    """Names of the positional parameters of a top-level function, to speak of its inputs."""
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == entry:
            return tuple(arg.arg for arg in (*node.args.posonlyargs, *node.args.args))
    return ()


def generator(tree: ast.Module) -> ast.Module:
    """The statements as the body of a generator function `_cases`, as the `cases` fence is."""
    shell = ast.parse("def _cases():\n    return\n    yield")
    function = shell.body[0]
    assert isinstance(function, ast.FunctionDef)
    if tree.body:
        # The shell's own unreachable `yield` makes it a generator even without one in the card.
        function.body = [*tree.body, *function.body]
    return shell


def means_gradients(tree: ast.Module) -> bool:
    """Whether the gradients that the code leaves on its inputs are meant, whatever it returns.

    They are where it sets them itself, as clipping does, and where it lets `backward` set them and
    makes nothing of them. What derives by other means, reads the gradients after `backward` or
    takes a step with them, may well have left them behind by the way.
    """
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    words |= {n.name.split(".")[-1] for n in ast.walk(tree) if isinstance(n, ast.alias)}
    if "backward" in words:
        return words.isdisjoint({"grad", "step", *_DERIVING})
    named = any("grad" in word for word in words - _SWITCHES)
    return named and words.isdisjoint(_DERIVING)


_SWITCHES = {"no_grad", "enable_grad", "set_grad_enabled", "is_grad_enabled"}
_DERIVING = ("autograd", "func", "jacobian", "hessian", "jacrev", "jacfwd", "vjp", "jvp")
"""What takes derivatives and sets no gradients."""


def split_last(tree: ast.Module) -> tuple[ast.Module, ast.Expression | None]:
    """The statements, and the last one apart if it is an expression."""
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        return ast.Module(tree.body[:-1], []), ast.Expression(last.value)
    return tree, None


def bound_names(tree: ast.Module) -> tuple[str, ...]:
    """Names that statements at top level bind and a learner can be asked for, in order.

    Left out: imports, definitions, loop variables and names with a leading underscore, which say
    how the answer was written and not what came of it.
    """
    nodes = list(_top_level(tree.body))
    loops = {
        id(part)
        for node in nodes
        if isinstance(node, ast.For | ast.AsyncFor)
        for part in ast.walk(node.target)
    }
    found = {
        node.id: None
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in loops
    }
    return tuple(name for name in found if not name.startswith("_"))


def all_bound(tree: ast.Module) -> set[str]:
    """Every name that is bound anywhere in the code, as it may be a global one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
    return found


_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def _top_level(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes in the module's own scope, in order."""
    stack: list[ast.AST] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _SCOPES):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(node))))


def tests(tree: ast.Module) -> tuple[ast.Module, tuple[str, ...]]:
    """What a `test` fence holds: the tree without its tests, and the tests' names in order."""
    names = tuple(node.name for node in tree.body if _is_test(node))
    rest = [node for node in tree.body if not _is_test(node)]
    return ast.Module(rest, []), names


def helpers(setup: ast.Module, test: ast.Module) -> list[ast.FunctionDef]:
    """The functions of a `setup` that it and the tests call, and do nothing else with.

    Where they are handed on or compared, it matters which object they are; where they bind global
    names, in which module they stand.
    """
    nodes = [node for tree in (setup, test) for node in ast.walk(tree)]
    if any(isinstance(node, ast.Global) for node in nodes):
        return []
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    named = {n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in called}
    return [
        node
        for node in setup.body
        if isinstance(node, ast.FunctionDef) and node.name not in named and _is_plain(node)
    ]


def _is_plain(node: ast.FunctionDef) -> bool:
    """Whether defining it once more does nothing else."""
    defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    return not node.decorator_list and all(isinstance(part, ast.Constant) for part in defaults)


def _is_test(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test")


def imports(tree: ast.Module) -> set[str]:
    """Full names of the modules that the code imports, or imports something from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def replaces(tree: ast.Module) -> bool:
    """Whether the code sets what a module holds, as a spy does: `torch.relu = spy`, mocks."""
    modules = {"torch", "nn", "F", "math"}
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            modules.add(node.asname or node.name.split(".")[0])
    modules -= {"sys"}  # its streams are no functions
    for node in ast.walk(tree):
        place: ast.AST | None = None
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            place = node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            place = node.args[0] if node.func.id in ("setattr", "delattr") else None
        while isinstance(place, ast.Attribute):
            place = place.value
        if isinstance(place, ast.Name) and place.id in modules:
            return True
    return not modules.isdisjoint({"mock", "patch", "MagicMock", "Mock"})


def quote(text: str, width: int = 100) -> str:
    """The text on one line, cut to `width` characters."""
    return textwrap.shorten(text, width, placeholder=" …")

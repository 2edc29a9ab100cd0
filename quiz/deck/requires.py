"""Which concepts build on which: names that no concept has, and circles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from posixpath import normpath

from quiz.deck.remarks import meant
from quiz.language import _


def written_otherwise(required: str, concept: str, known: Collection[str]) -> str:
    """What to write instead of a requirement of `concept` that none of the `known` ones is."""
    deck = concept.rpartition("/")[0]
    name = required.removesuffix(".md")
    paths = [normpath(path).lstrip("/") for path in (name, f"{deck}/{name}")]
    last = paths[0].rpartition("/")[2].casefold()
    alike = [one for one in known if one.rpartition("/")[2].casefold() == last]
    found = next((path for path in paths if path in known), None)
    if found is None and len(alike) == 1:
        found = alike[0]
    if found is None:
        return meant(required, known) or _("write its path from the collection's root")
    return _("did you mean `{word}`?").format(word=found)


def circles(graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The strongly connected sets of more than one node, or of one that points at itself.

    Tarjan's algorithm without recursion; nodes that are only pointed at are left aside.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, edges = work[-1]
            for target in edges:
                if target not in graph:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(graph[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    on_stack.difference_update(members)
                    if len(members) > 1 or node in graph[node]:
                        found.append(sorted(members))
    return found

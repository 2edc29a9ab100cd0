"""One grader session in which cases of the corpus are graded, and what it leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from quiz.grade.grader import Grader
from quiz.model.question import Program
from quiz.model.verdict import Outcome, Verdict
from tests.corpus import processes
from tests.corpus.canary import Canary
from tests.corpus.cases import CorpusCase

_PATIENCE = 10.0
"""Seconds in which what a grade has used must have been cleared away."""
_AT_ONCE = 4
_SETTLING = 8
"""Small grades after which nothing is left of what came before."""
HONEST = "functions#affine", "def affine(x):\n    return 2 * x + 1\n"
"""A question and a right answer to it, to see that the session is well."""


class UnsafeError(Exception):
    """The jail does not hold here, so that the corpus would hurt this machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case."""

    case: CorpusCase
    verdict: Verdict
    faults: tuple[str, ...]
    """Where the verdict is not what it must be."""
    escapes: tuple[str, ...] = ()
    """What was touched, left behind or broken for the next grade."""

    @property
    def good(self) -> bool:
        return not self.faults and not self.escapes


class Session:
    """An async context: a grader, what is planted around it, and the state it must return to."""

    def __init__(self, questions: Mapping[str, Program], seed: int | None = None) -> None:
        self._questions = questions
        self._seed = seed
        self._place = tempfile.mkdtemp(prefix="quiz-corpus-")
        root = Path(self._place)
        root.chmod(0o755)
        self._temporary = root / "tmp"
        self._temporary.mkdir()
        self._temporary.chmod(0o1777)
        self._canary = Canary(root)
        self._grader = Grader(device="cpu")
        self._processes = 0
        self._files: set[str] = set()

    async def __aenter__(self) -> Session:
        processes.adopt()
        tempfile.tempdir = os.environ["TMPDIR"] = str(self._temporary)
        self._canary.__enter__()
        await self._grader.start(everything=True)
        broken = [
            f"{layer.name}: {layer.detail}"
            for layer in await self._grader.layers()
            if not layer.holds
        ]
        if broken:
            await self.__aexit__(None, None, None)
            raise UnsafeError("; ".join(broken))
        await self._grader.warm()
        await self._rest()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(Exception):  # `after` tells of it
            await self._grader.close()
        self._canary.__exit__(kind, error, traceback)
        # An answer may have left what `shutil` cannot remove: rm copes with any depth.
        subprocess.run(["rm", "-rf", self._place], check=False)

    async def grade(self, case: CorpusCase, seed: int | None = None) -> Result:
        """The verdict on one case; what lies outside is not looked at."""
        if seed is None:
            seed = zlib.crc32(case.name.encode()) if self._seed is None else self._seed
        answer = self._canary.fill(case.answer)
        try:
            verdict = await self._grader.grade(self._questions[case.card], answer, seed=seed)
        except Exception as error:
            verdict = Verdict(Outcome.GRADER_ERROR, f"grade() raised {error!r}")
        escapes = []
        if self._canary.secret in repr(verdict):
            escapes.append("the secret has been read")
        return Result(case, verdict, tuple(case.faults(verdict)), tuple(escapes))

    async def alone(self, case: CorpusCase) -> Result:
        """The verdict on one case, with a look at all that it might have touched."""
        result = await self.grade(case)
        troubles = [*result.escapes, *self._canary.troubles(), *await self.left_behind()]
        if not (verdict := await self._honest()).passed:
            troubles.append(f"the next grade is spoilt: {verdict.outcome}: {verdict.message}")
        return Result(case, result.verdict, result.faults, tuple(troubles))

    async def together(self, cases: Iterable[CorpusCase]) -> list[Result]:
        """Several cases, some at a time; then one look at all that they might have touched.

        What is found is held against the last of them.
        """
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(case: CorpusCase) -> Result:
            async with turns:
                return await self.grade(case)

        results = list(await asyncio.gather(*map(one, cases)))
        troubles = [*self._canary.troubles(), *await self.left_behind()]
        for verdict in [await self._honest() for _ in range(8)]:
            if not verdict.passed:
                troubles.append(f"a later grade is spoilt: {verdict.outcome}: {verdict.message}")
        if troubles and results:
            last = results[-1]
            escapes = tuple(f"one of {len(results)}: {trouble}" for trouble in troubles)
            results[-1] = Result(last.case, last.verdict, last.faults, (*last.escapes, *escapes))
        return results

    async def left_behind(self) -> list[str]:
        """Processes and files beyond those of a session at rest, once it had time to clear up."""
        found: list[str] = []
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = list(self._surplus())
            if not found:
                return []
            await asyncio.sleep(0.01)
        return found

    async def footprint(self) -> processes.Footprint:
        """What the whole session holds at rest, this process included."""
        for _ in range(_SETTLING):
            await self._honest()
        # Memory is handed back a second after a large grade.
        await asyncio.sleep(2)
        return processes.footprint(os.getpid())

    async def after(self) -> list[str]:
        """Close the grader; what of it is still there."""
        try:
            await self._grader.close()
        except Exception as error:
            return [f"close() raised {error!r}"]
        family = processes.below(os.getpid()) - {self._canary.victim}
        found = [f"process {pid} outlives the session" for pid in family]
        return found + [f"{path} outlives the session" for path in sorted(self._entries())]

    def _surplus(self) -> Iterator[str]:
        family, entries = len(processes.below(os.getpid())), self._entries()
        if family > self._processes:
            yield f"{family - self._processes} processes more than at rest"
        if len(entries) > len(self._files):
            new = sorted(entries - self._files)[:3]
            yield f"{len(entries) - len(self._files)} files and folders too many: {new}"

    def _entries(self) -> set[str]:
        """All that lies in the temporary folder, where every jail has its own."""
        return {
            f"{folder.removeprefix(str(self._temporary))}/{name}"
            for folder, folders, names in os.walk(self._temporary)
            for name in (*folders, *names)
        }

    async def _rest(self) -> None:
        """Note how a session at rest looks: some grades in, and everything loaded."""
        for _ in range(_SETTLING):
            await self._honest()
        seen, same = -1, 0
        while same < 50:
            everything = processes.below(os.getpid())
            # Besides the bystander one child: while a second zygote loads, more come and go.
            alone = len(processes.children(os.getpid())) == 2
            same = same + 1 if alone and len(everything) == seen else 0
            seen = len(everything)
            await asyncio.sleep(0.02)
        self._processes = seen
        self._files = self._entries()

    async def _honest(self) -> Verdict:
        question, answer = HONEST
        try:
            return await self._grader.grade(self._questions[question], answer)
        except Exception as error:
            return Verdict(Outcome.GRADER_ERROR, f"grade() raised {error!r}")

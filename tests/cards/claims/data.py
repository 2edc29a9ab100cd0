# mypy: disable-error-code="no-untyped-call"
# ruff: noqa: ANN401 (torch hands such objects over without a type)
"""What the cards of `pytorch/data` say."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    WeightedRandomSampler,
    default_collate,
    get_worker_info,
)

from tests.cards.claiming import claims_of

about = claims_of("pytorch/data")


class Noisy(Dataset[float]):
    """Augments at each access; or, prepared once, gives what was drawn then."""

    def __init__(self, prepared: bool) -> None:
        self.once = torch.rand(4).tolist() if prepared else None

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> float:
        return torch.rand(()).item() if self.once is None else self.once[index]


@about("augmentation#when")
def _() -> None:
    for prepared in (False, True):
        dataset = Noisy(prepared)
        epochs = [[dataset[i] for i in range(4)] for _ in range(2)]
        assert (epochs[0] == epochs[1]) is prepared


@about("collate#contract")
def _() -> None:
    got: list[Any] = []
    dataset = [(1, "a"), (2, "b"), (3, "c")]

    def collate(samples: Any) -> str:
        got.append(samples)
        return "batch"

    assert list(DataLoader(dataset, batch_size=2, collate_fn=collate)) == ["batch", "batch"]  # type: ignore[arg-type]
    assert got == [dataset[:2], dataset[2:]]
    assert all(batch["collated in"] != os.getpid() for batch in streamed())
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(lambda samples: samples)


@about("collate#limits")
def _() -> None:
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal size"):
        default_collate([torch.zeros(2), torch.zeros(3)])
    with pytest.raises(TypeError):
        default_collate([None, None])
    assert default_collate([{"x": torch.zeros(2)}] * 3)["x"].shape == (3, 2)
    (one, (two, three)) = default_collate([(1, (2, 3)), (4, (5, 6))])
    assert [t.tolist() for t in (one, two, three)] == [[1, 4], [2, 5], [3, 6]]
    assert default_collate([0.5, 1.5]).dtype == torch.float64


@about("dataloader#purpose")
def _() -> None:
    data = torch.arange(100)
    batches = list(DataLoader(data, batch_size=30, shuffle=True))  # type: ignore[arg-type]
    assert [len(batch) for batch in batches] == [30, 30, 30, 10]
    seen = torch.cat(batches)
    assert not torch.equal(seen, data)
    assert torch.equal(seen.sort().values, data)


@about("dataloader#how-batches-are-made")
def _() -> None:
    assert default_collate([torch.zeros(3, 64, 64)] * 32).shape == (32, 3, 64, 64)
    with pytest.raises(RuntimeError):
        default_collate([torch.zeros(3, 64, 64), torch.zeros(3, 64, 65)])


@about("dataloader#length")
def _() -> None:
    loader: Any = DataLoader(range(10), batch_size=4)  # type: ignore[arg-type]
    assert len(loader) == 3
    assert len(list(loader)[-1]) == 2
    assert len(DataLoader(range(10), batch_size=4, drop_last=True)) == 2  # type: ignore[arg-type]


@about("dataloader#map-style")
def _() -> None:
    class Bare:
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> int:
            return index * 10

    class Endless:
        def __getitem__(self, index: int) -> int:
            return index

    loader: Any = DataLoader
    assert [b.tolist() for b in loader(Bare(), batch_size=2)] == [[0, 10], [20]]
    assert [b.tolist() for b in loader([1, 2, 3], batch_size=2)] == [[1, 2], [3]]
    with pytest.raises(TypeError, match="len"):
        len(loader(Endless(), batch_size=2))


SCRIPT = """
import multiprocessing

def work(numbers):
    numbers.put(__name__)

def main():
    context = multiprocessing.get_context("spawn")
    numbers = context.SimpleQueue()
    worker = context.Process(target=work, args=(numbers,))
    worker.start()
    worker.join()
    print(worker.exitcode, None if numbers.empty() else numbers.get())
"""


def run_script(end: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.py"
        path.write_text(SCRIPT + end)
        return subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)


@about("main-guard#spawn-or-fork")
def _() -> None:
    done = run_script("main()\n")
    assert "before the current process has finished its bootstrapping phase" in " ".join(
        done.stderr.split()
    ).replace("An attempt has been made to start a new process ", "")
    assert done.stdout.strip() == "1 None"  # the worker died of it; the main process goes on


@about("main-guard#the-name-of-the-script")
def _() -> None:
    done = run_script("if __name__ == '__main__':\n    main()\n")
    assert done.stdout.strip() == "0 __mp_main__"


@about("main-guard#cure")
def _() -> None:
    only_the_class = SCRIPT.replace("def work", "if __name__ == '__main__':\n  def work").replace(
        "    numbers.put", "      numbers.put"
    )
    assert only_the_class != SCRIPT
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.py"
        path.write_text(only_the_class + "if __name__ == '__main__':\n    main()\n")
        done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    assert "Can't get attribute 'work'" in done.stderr  # the worker needs what it is to run


@about("main-guard#where-needed")
def _() -> None:
    import multiprocessing

    default = multiprocessing.get_all_start_methods()[0]
    if sys.platform in ("win32", "darwin"):
        assert default == "spawn"
    elif sys.platform == "linux":
        assert default == ("forkserver" if sys.version_info >= (3, 14) else "fork")
    pids: Any = DataLoader([0, 1], collate_fn=lambda samples: os.getpid())  # type: ignore[arg-type]
    assert set(pids) == {os.getpid()}


@about("main-guard#picklable")
def _() -> None:
    def local(x: Tensor) -> Tensor:
        return x

    for unfit in (lambda x: x, local):
        with pytest.raises((pickle.PicklingError, AttributeError)):
            pickle.dumps(unfit)
    with Path(os.devnull).open() as file, pytest.raises(TypeError):
        pickle.dumps(file)
    assert pickle.loads(pickle.dumps(default_collate)) is default_collate


class Stream(IterableDataset[tuple[int, int, int]]):
    """Each number with the worker and the process that gave it."""

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        info = get_worker_info()
        assert info is not None
        for number in range(4):
            yield number, info.id, os.getpid()


def sign(samples: list[tuple[int, int, int]]) -> dict[str, Any]:
    """A batch as it is, and where it was made."""
    return {"samples": samples, "collated in": os.getpid()}


@cache
def streamed() -> list[dict[str, Any]]:
    """One epoch of `Stream` with two workers: the only workers that any claim starts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: a fork beside threads
        return list(DataLoader(Stream(), batch_size=2, num_workers=2, collate_fn=sign))


@about("num-workers#what-a-worker-does")
def _() -> None:
    for batch in streamed():
        makers = {(worker, pid) for _, worker, pid in batch["samples"]}
        assert len(makers) == 1  # a whole batch, of one worker, which also collates it
        assert {pid for _, pid in makers} == {batch["collated in"]}
    assert len({batch["collated in"] for batch in streamed()}) == 2


@about("num-workers#zero-workers")
def _() -> None:
    class Where(Dataset[int]):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> int:
            assert get_worker_info() is None
            return os.getpid()

    assert set(torch.cat(list(DataLoader(Where()))).tolist()) == {os.getpid()}
    assert DataLoader(Where()).num_workers == 0


@about("num-workers#loading-ahead")
def _() -> None:
    loader: Any = DataLoader([0], num_workers=1)  # type: ignore[arg-type]
    assert loader.prefetch_factor == 2


@about("num-workers#iterable-duplicates")
def _() -> None:
    numbers = [number for batch in streamed() for number, _, _ in batch["samples"]]
    assert Counter(numbers) == Counter(2 * list(range(4)))


@about("samplers#batch-sampler")
def _() -> None:
    data = list(range(5))
    cut: Any = DataLoader(data, batch_size=2, sampler=[4, 3, 2, 1, 0])  # type: ignore[arg-type]
    assert [b.tolist() for b in cut] == [[4, 3], [2, 1], [0]]
    chosen: Any = DataLoader(data, batch_sampler=[[0, 1, 2], [4], [3]])  # type: ignore[arg-type]
    assert [b.tolist() for b in chosen] == [[0, 1, 2], [4], [3]]


@about("samplers#balanced-epoch")
def _() -> None:
    labels = torch.tensor([0] * 900 + [1] * 100)
    weights = (1 / labels.bincount()[labels]).tolist()
    epochs = [torch.tensor(list(WeightedRandomSampler(weights, 1000))) for _ in range(5)]
    positives = [int((epoch >= 900).sum()) for epoch in epochs]
    assert all(400 < n < 600 for n in positives)
    assert len(set(positives)) > 1
    counts = epochs[0].bincount(minlength=1000)
    assert 3 < counts[900:].float().mean() < 7
    assert (counts[:900] == 0).sum() > 450
    without = torch.tensor(list(WeightedRandomSampler(weights, 1000, replacement=False)))
    assert without.bincount().unique().tolist() == [1]


@about("shuffling#why")
def _() -> None:
    losses, order = torch.rand(100, dtype=torch.float64), torch.randperm(100)
    assert math.isclose(losses.mean().item(), losses[order].mean().item())
    labels = torch.tensor([0] * 50 + [1] * 50)
    batches: Any = DataLoader(labels, batch_size=10)  # type: ignore[arg-type]
    assert all(len(batch.unique()) == 1 for batch in batches)


@about("shuffling#when-drawn")
def _() -> None:
    loader: Any = DataLoader(range(1000), batch_size=50, shuffle=True)  # type: ignore[arg-type]
    assert next(iter(loader)).tolist() != next(iter(loader)).tolist()
    whole = torch.cat(list(loader))
    assert len(whole.unique()) == 1000
    again = list(RandomSampler(range(1000), replacement=True))
    assert len(set(again)) < 1000


@about("shuffling#drop-last")
def _() -> None:
    loader: Any = DataLoader(range(103), batch_size=10, drop_last=True, shuffle=True)  # type: ignore[arg-type]
    assert len(loader) == 10
    left_out = [set(range(103)) - set(torch.cat(list(loader)).tolist()) for _ in range(2)]
    assert [len(left) for left in left_out] == [3, 3]
    assert left_out[0] != left_out[1]

"""h: the projection alone: records of the log into `feed.db`, no broker; then what readers' questions take there.

In a process that does nothing else. Records are read into memory before the clock starts, so that what is measured is
parsing, folding and SQLite with its waits for the disk, one batch made ready ahead as the projector does it. Each run
begins with an empty file.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from hub.feed.ahead import Ahead
from hub.feed.entry import LogRecord
from hub.feed.filters import Filter
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.store.feed_files import FeedFiles
from hub.store.feed_reader import FeedReader
from ops.bench.feed_material import BATCH, feed_records
from ops.bench.figures import Aim, Figure, at_least, figure

PASSES = 5
WIDE = Filter.of({"kind": ["vacancy"]})
SPARSE = Filter.of({"kind": ["event"], "municipality": ["GM0080"], "dutch_required": ["no"], "audience": ["international"]})


@dataclass(frozen=True)
class _Run:
    """Values of one run by the figure's name."""

    initial: float
    updates: float
    bytes_an_item: float
    questions: dict[str, float]


async def measure_projection(records: int, *, runs: int) -> list[Figure]:
    batches = list(feed_records(records))
    changed = _shuffled([record for batch in feed_records(records // 2, version=2) for record in batch], records)
    done = [await _run(batches, changed) for _ in range(runs)]
    aim = at_least(10_000)
    figures = [
        _figure("initial read", "records/s", [run.initial for run in done], aim),
        _figure("updates", "records/s", [run.updates for run in done], aim),
        _figure("feed.db", "bytes/item", [run.bytes_an_item for run in done], None),
    ]
    return figures + [_figure(name, "ms", [run.questions[name] for run in done], None) for name in done[0].questions]


async def _run(batches: Sequence[list[LogRecord]], changed: Sequence[list[LogRecord]]) -> _Run:
    with tempfile.TemporaryDirectory(prefix="hub-bench-projection-") as folder:
        files = FeedFiles(Path(folder))
        file = await files.create()
        files.publish(file)
        projection = Projection(file.engine)
        await projection.reset("bench", "bench-e1")
        initial, updates = await _apply(projection, batches), await _apply(projection, changed)
        await projection.complete()
        size = (Path(folder) / file.name).stat().st_size
        reader = FeedReader(Path(folder))
        questions = await _ask(ReadModel(reader), projection, changed[-1])
        await reader.dispose()
        await files.close()
    return _Run(initial, updates, size / sum(map(len, batches)), questions)


class _Log:
    """Batches as the log would give them, one at a time."""

    def __init__(self, batches: Sequence[list[LogRecord]]) -> None:
        self._waiting = iter(batches)
        self.end = batches[-1][-1].offset + 1

    def seek(self, position: int) -> None:
        raise NotImplementedError

    async def read(self) -> tuple[list[LogRecord], int]:
        batch = next(self._waiting)
        return batch, batch[-1].offset + 1


async def _apply(projection: Projection, batches: Sequence[list[LogRecord]]) -> float:
    started = time.perf_counter()
    ahead, position = Ahead(_Log(batches)), batches[0][0].offset
    for _ in batches:
        portion = await ahead.read()
        await projection.write(portion.batch, position, portion.position)
        position = portion.position
    return sum(map(len, batches)) / (time.perf_counter() - started)


async def _ask(read_model: ReadModel, projection: Projection, last: list[LogRecord]) -> dict[str, float]:
    end = last[-1].offset + 1
    chance = random.Random(1)
    first = await _milliseconds(lambda: read_model.load_filtered_standing(WIDE), passes=1)

    async def after_changes() -> None:
        nonlocal end
        again = [replace(record, offset=end + n) for n, record in enumerate(last[:10])]
        await projection.apply(again, end, end + 10)
        end += 10

    return {
        "500 changes": await _milliseconds(lambda: read_model.load_after(chance.randrange(end // 2), 500)),
        "1,000 changes, filtered": await _milliseconds(
            lambda: read_model.load_after(chance.randrange(end // 2), 1_000, SPARSE, with_digest=False)
        ),
        "a filter's digest, first": first,
        "a filter's digest, 10 changes later": await _milliseconds(
            lambda: read_model.load_filtered_standing(WIDE), before=after_changes
        ),
        "50 newest": await _milliseconds(lambda: read_model.load_newest(50)),
        "50 newest of a sparse filter": await _milliseconds(lambda: read_model.load_newest(50, SPARSE)),
        "50 last changed of a sparse filter": await _milliseconds(lambda: read_model.load_latest(50, SPARSE)),
        "profiles": await _milliseconds(read_model.load_profiles),
        "counts": await _milliseconds(read_model.load_counts),
    }


async def _milliseconds(
    ask: Callable[[], Awaitable[object]], *, before: Callable[[], Awaitable[None]] | None = None, passes: int = PASSES
) -> float:
    taken = []
    for _ in range(passes):
        if before is not None:
            await before()
        started = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - started) * 1_000)
    return median(taken)


def _shuffled(records: list[LogRecord], start: int) -> list[list[LogRecord]]:
    """In an order as of life's changes, at offsets from `start` on, in batches."""
    random.Random(2).shuffle(records)
    placed = [replace(record, offset=start + n) for n, record in enumerate(records)]
    return [placed[at : at + BATCH] for at in range(0, len(placed), BATCH)]


def _figure(name: str, unit: str, values: list[float], aim: Aim | None) -> Figure:
    return figure("h", name, unit, values, aim)

"""`python -m ops.bench.matching_process POSTINGS`: one engine of that size, measured in a process of its own; JSON to stdout.

A process of its own, because the resident memory of one that has already held another engine tells nothing. Rates are of
batches of 250, as the stage applies them; latencies are of one change at a time. Each kind of operation is measured on
three samples that share no posting: matching alone, with what opportunities show, one by one.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

import orjson

from hub.domain.posting import EnrichedPosting, Status
from hub.enrich import to_ghost
from hub.matching import Engine, PostingChange, default_model
from ops.bench.figures import quantile
from ops.bench.ground import resident_mb
from ops.bench.matching_postings import HOSTS, Made, stored_postings

BATCH = 250
SAMPLE = 1_000
"""Operations of each kind in each of the three samples."""
CHUNK = 10_000
DAY_MS = 86_400_000
GC_THRESHOLD = (50_000, 20, 20)
"""What the hub's roles set (`hub.telemetry.role`)."""
Sample = list[PostingChange]


@dataclass(slots=True)
class Loaded:
    engine: Engine
    load_seconds: float
    resident_bytes: float
    """What the engine with its caches added to the process; the model that every engine needs anyway is not counted."""
    content_bytes: int
    fresh: list[Made] = field(default_factory=list)
    """Postings that are not in the engine."""
    held: list[Made] = field(default_factory=list)
    """Some that are, spread over all of them."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.bench.matching_process")
    parser.add_argument("postings", type=int)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    arguments = parser.parse_args()
    gc.set_threshold(*GC_THRESHOLD)
    started = time.process_time()
    default_model()
    figures: dict[str, Any] = {"postings": arguments.postings, "model_seconds": time.process_time() - started}
    loaded = load(arguments.postings, arguments.sample)
    figures |= sizes(loaded, arguments.postings)
    figures["operations"] = {kind: measure(loaded.engine, samples) for kind, samples in operations(loaded)}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(orjson.dumps(figures).decode() + "\n")


def load(count: int, sample: int) -> Loaded:
    """An engine with `count` postings, and the samples for the operations."""
    engine = Engine(HOSTS)
    wanted = 3 * sample
    total = count + wanted
    is_fresh = set(Random(3).sample(range(total), wanted))
    step = max(1, count // (4 * wanted))
    loaded = Loaded(engine, 0.0, 0.0, 0)
    before = settled_bytes()
    source = enumerate(stored_postings(total))
    while chunk := list(islice(source, CHUNK)):
        Random(4).shuffle(chunk)  # no board sends opening by opening
        loaded.fresh += [made for at, made in chunk if at in is_fresh]
        loaded.held += [made for at, made in chunk if at % step == 0 and at not in is_fresh][: 4 * wanted - len(loaded.held)]
        changes = [PostingChange(made.key, made.value) for at, made in chunk if at not in is_fresh]
        started = time.process_time()
        for batch in batches(changes):
            engine.load(batch)
        loaded.load_seconds += time.process_time() - started
    del chunk
    kept = sum(sys.getsizeof(made.value) + sys.getsizeof(made.key) for made in (*loaded.fresh, *loaded.held))
    loaded.resident_bytes = settled_bytes() - before - kept
    loaded.content_bytes = sum(sys.getsizeof(entry.record.packed) for entry in engine.matcher.entries.values())
    return loaded


def settled_bytes() -> float:
    """Resident bytes after garbage and free pages were given back."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    return resident_mb(os.getpid()) * 2**20


def sizes(loaded: Loaded, count: int) -> dict[str, Any]:
    counts = loaded.engine.counts
    return {
        "load_seconds": loaded.load_seconds,
        "bytes_beyond_text": (loaded.resident_bytes - loaded.content_bytes) / count,
        "bytes_of_text": loaded.content_bytes / count,
        "clusters": counts["clusters"],
        "blocks": counts["blocks"],
        "largest_block": counts["largest_block"],
        "largest_component": counts["largest_component"],
        "possible": counts["possible"],
    }


def operations(loaded: Loaded) -> Iterator[tuple[str, Sequence[Sample]]]:
    """Kinds of operation in an order in which none spoils the next; each with three samples."""
    kinds: list[tuple[str, Callable[[Made], bytes], list[Made]]] = [
        ("insert", lambda made: made.value, loaded.fresh),
        ("exact repeat", lambda made: made.value, quarter(loaded.held, 0)),
        ("change of the text alone", changed_text, quarter(loaded.held, 1)),
        ("change that matters", changed_closing, quarter(loaded.held, 2)),
        ("withdraw", withdrawn, quarter(loaded.held, 3)),
    ]
    for kind, to_value, chosen in kinds:
        changes = [PostingChange(made.key, to_value(made)) for made in chosen]
        yield kind, [changes[part::3] for part in range(3)]


def quarter(held: list[Made], number: int) -> list[Made]:
    return held[number::4]


def measure(engine: Engine, samples: Sequence[Sample]) -> dict[str, float]:
    """Operations a second of matching alone and of `apply`, and milliseconds of one `apply` at a time."""

    def alone(batch: Sample) -> None:
        for change in batch:
            engine.take(change)
        engine.settle()

    milliseconds = [1_000 * seconds(engine.apply, [change]) for change in samples[2]]
    return {
        "operations": float(sum(map(len, samples))),
        "alone_rate": len(samples[0]) / sum(seconds(alone, batch) for batch in batches(samples[0])),
        "apply_rate": len(samples[1]) / sum(seconds(engine.apply, batch) for batch in batches(samples[1])),
        "p50_ms": quantile(milliseconds, 0.5),
        "p99_ms": quantile(milliseconds, 0.99),
        "longest_ms": max(milliseconds),
    }


def seconds(call: Callable[[Sample], object], argument: Sample) -> float:
    started = time.process_time()
    call(argument)
    return time.process_time() - started


def batches(changes: Sequence[PostingChange]) -> Iterable[Sample]:
    return [list(changes[start : start + BATCH]) for start in range(0, len(changes), BATCH)]


def changed_text(made: Made) -> bytes:
    """A new version whose features are the same."""
    tree = later(made)
    for text in tree["description"].values():
        text["text"] += "\nWij zien uit naar je bericht."
    return orjson.dumps(tree)


def changed_closing(made: Made) -> bytes:
    """Half get another closing day, half another title."""
    tree = later(made)
    features = tree["features"]
    if features.get("closes") and len(made.key) % 2:
        features["closes"] += 7
        tree["expires_at"] += 7 * DAY_MS
    else:
        for name in ("title_nl", "title_en"):
            if name in features:
                features[name] = tree["title"][name[-2:]]["text"] = f"Senior {features[name].removeprefix('Senior ')}"
    return orjson.dumps(tree)


def withdrawn(made: Made) -> bytes:
    posting = EnrichedPosting.model_validate({**later(made), "status": Status.WITHDRAWN})
    return to_ghost(posting).to_bytes()


def later(made: Made) -> dict[str, Any]:
    tree: dict[str, Any] = orjson.loads(made.value)
    tree["seq"] += DAY_MS
    return tree


if __name__ == "__main__":
    main()

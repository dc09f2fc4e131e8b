"""g: the matching engine beside splink (DuckDB), on the same postings of two labelled worlds: quality, seconds, memory.

Splink runs as a batch in a process and an environment of its own (`build/bench/splink`, from the lock's group `bench`), so
that nothing of it is among what the hub or its tests need. Both read the same features; splink is shown at each threshold,
and the one that is best *for the truth* is marked: a choice that its user could not make.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from hub.matching import default_model
from ops.bench.figures import Figure, figure
from ops.match_report.listed import Corpus, Listed
from ops.match_report.measuring import WORLDS
from ops.match_report.metrics import Counts, Pair, count, pairs_of
from ops.match_report.partitions import engine_of, labels_of
from ops.match_report.stored import Values, load_corpus

ROOT = Path(__file__).parents[2]
STORE = ROOT / "build" / "bench"
ENVIRONMENT = STORE / "splink"
INSTALL_SECONDS, LONGEST_SECONDS = 600, 1_800
JUDGED = ("sandbox", "other world")
RARE = 24
"""Rarest words of a body that are compared."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_LEGAL = re.compile(r"\b(?:b\.?v|n\.?v|stichting|vereniging|holding|groep)\b\.?")
SEED = 1


def measure_splink(size: int) -> list[Figure]:
    """Raises RuntimeError, with the reason, where splink cannot be installed or fails."""
    python = install()
    STORE.mkdir(parents=True, exist_ok=True)
    return [
        replace(one, name=f"{world}, {one.name}")
        for world in JUDGED
        for one in (*engine_figures(world, size), *splink_figures(_truth(world, size), _splinked(python, world, size)))
    ]


def _truth(world: str, size: int) -> set[Pair]:
    return truth_of(_load(world, size)[0].listed)


def _splinked(python: Path, world: str, size: int) -> dict[str, Any]:
    """What splink's process reports of a world."""
    records, labels = STORE / "records.jsonl", STORE / "labels.json"
    records.write_text("".join(json.dumps(row) + "\n" for row in rows_of(_load(world, size)[1])), encoding="utf-8")
    command = [str(python), str(Path(__file__).with_name("splink_process.py")), str(records), str(labels)]
    done = subprocess.run(command, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"splink failed: {done.stderr.decode()[-400:]}")
    report: dict[str, Any] = json.loads(labels.read_text(encoding="utf-8"))
    return report


def _load(world: str, size: int) -> tuple[Corpus, Values]:
    return load_corpus(world.replace(" ", "-"), WORLDS[world], size, SEED)


def install() -> Path:
    """The Python of splink's environment, made from the lock where it is missing or old."""
    uv = shutil.which("uv") or str(ROOT / "build" / "uv" / "bin" / "uv")
    command = [uv, "sync", "--quiet", "--locked", "--only-group", "bench"]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
    try:
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None)
        raise RuntimeError(f"splink could not be installed: {told.decode()[-300:] if told else error}") from error
    return ENVIRONMENT / "bin" / "python"


def rows_of(values: Values) -> Iterator[dict[str, Any]]:
    """Flat records of what both matchers read, cleaned as an expert would."""
    trees = [orjson.loads(value) for value in values]
    bodies = [set(_WORD.findall(_body(tree).lower())) for tree in trees]
    frequency = Counter(word for body in bodies for word in body)
    for tree, body in zip(trees, bodies, strict=True):
        features = tree.get("features") or {}
        title = _plain(re.sub(r"\([^)]*\)|[-–|,].*$|\d+.*", " ", features.get("title_nl") or features.get("title_en") or ""))
        hours, pay = features.get("hours") or [None], features.get("pay") or [None]
        yield {
            "unique_id": tree["source_key"],
            "source_dataset": tree["source"],
            "kind": tree.get("kind", "vacancy"),
            "title": title or None,
            "title_words": sorted(set(title.split())),
            "employer": _plain(_LEGAL.sub(" ", (features.get("employer") or "").lower())) or None,
            "municipality": next(iter(features.get("municipalities") or ()), None),
            "url": next(iter(features.get("job_keys") or ()), None),
            "reference": features.get("reference"),
            "posted": _day(features.get("posted")),
            "closes": _day(features.get("closes")),
            "hours": hours[-1],
            "pay": pay[0],
            "rare_words": sorted(sorted(body, key=lambda word: (frequency[word], word))[:RARE]),
        }


def _body(tree: Mapping[str, Any]) -> str:
    return " ".join(text.get("text", "") for text in (tree.get("description") or {}).values())


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _day(day: int | None) -> str | None:
    return None if day is None else (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def truth_of(listed: Iterable[Listed]) -> set[Pair]:
    return pairs_of({one.key: one.opening for one in listed})


def splink_figures(truth: set[Pair], report: Mapping[str, Any]) -> list[Figure]:
    judged = {name: count(pairs_of(labels), truth) for name, labels in report["labels"].items()}
    figures = [figure("g", f"splink: seconds, {part}", "s", [seconds]) for part, seconds in report["seconds"].items()]
    figures += [
        figure("g", "splink: processor seconds of all its threads", "s", [report["processor_seconds"]]),
        figure("g", "splink: peak memory", "MB", [report["peak_mb"]]),
    ]
    for clustering in ("components", "one per board"):
        best = max((name for name in judged if name.startswith(clustering)), key=lambda name: judged[name].f(0.5) or 0)
        for name in (f"{clustering} at 0.99", best):
            figures += _quality(f"splink, {name}{' (best F0.5 of the truth)' if name == best else ''}", judged[name])
    return list({one.name: one for one in figures}.values())


def engine_figures(world: str, size: int) -> list[Figure]:
    """The engine in a process of its own too."""
    command = [sys.executable, "-m", "ops.bench.splink_beside", world, str(size)]
    done = subprocess.run(command, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"the engine failed: {done.stderr.decode()[-400:]}")
    report = json.loads(done.stdout)
    return [
        figure("g", "engine: seconds", "s", [report["seconds"]], note=f"{report['postings']:,} postings, the model's load apart"),
        figure("g", "engine: processor seconds", "s", [report["processor_seconds"]]),
        figure("g", "engine: peak memory", "MB", [report["peak_mb"]], note="with the postings' texts, the model and Python"),
        *_quality("engine", Counts(*report["counts"])),
    ]


def _quality(name: str, counts: Counts) -> list[Figure]:
    note = f"{counts.said:,} pairs said, {counts.true:,} true"
    return [
        figure("g", f"{name}: precision", "", [counts.precision or 0], note=note),
        figure("g", f"{name}: recall", "", [counts.recall or 0]),
        figure("g", f"{name}: F0.5", "", [counts.f(0.5) or 0]),
    ]


def main() -> None:
    """The engine's half, for `engine_figures`."""
    corpus, values = _load(sys.argv[1], int(sys.argv[2]))
    default_model()
    started, used = time.perf_counter(), time.process_time()
    engine = engine_of(corpus, values)
    took, used = time.perf_counter() - started, time.process_time() - used
    counts = count(pairs_of(labels_of(engine)), truth_of(corpus.listed))
    report = {
        "postings": len(values),
        "seconds": took,
        "processor_seconds": used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "counts": [counts.said, counts.true, counts.both],
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()

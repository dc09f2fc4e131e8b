"""Corpora on disk under `build/`: a world is made once per seed, size and code, its features once per matching code.

The file's name holds a hash of every source file that the result depends on, so that a stale one is never read.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from hub.domain.posting import EnrichedPosting, Status
from hub.enrich import to_ghost
from hub.matching import features_of
from ops.match_report.listed import Corpus

ROOT = Path(__file__).parents[2]
STORE = ROOT / "build" / "match-report"
WORLD_CODE = (
    *("hub/domain", "hub/enrich", "hub/sdk", "hub/connectors", "hub/ingest", "hub/sandbox/world", "hub/sandbox/platforms"),
    *("hub/streams/canonicalise.py", "ops/match_report/otherworld", "ops/match_report/listed.py"),
    *("ops/match_report/thirdworld", "ops/match_report/sandboxworld.py", "ops/match_report/stored.py"),
    *("ops/match_report/fixedworld.py", "tests/corpora/worlds"),
)
FEATURE_CODE = ("hub/domain", "hub/matching", "hub/enrich/ghost.py")
_DATA = {".py", ".toml", ".tsv", ".csv", ".txt", ".zst"}

Made = TypeVar("Made")
Values = list[bytes]
"""JSON of each posting of a corpus as unify receives it, in the corpus's order."""


def load_corpus(kind: str, make: Callable[[int, int], Corpus], size: int, seed: int) -> tuple[Corpus, Values]:
    """The corpus and its postings with features; made, or read from the store."""
    name = f"{kind}-{size}-{seed}-{code_hash(WORLD_CODE)}"
    corpus = _stored(f"{name}.world", lambda: make(size, seed))
    return corpus, _stored(f"{name}-{code_hash(FEATURE_CODE)}.features", lambda: [with_features(o.value) for o in corpus.listed])


def with_features(value: bytes) -> bytes:
    """What the enrich stage does after enriching: features, and a ghost of what was withdrawn."""
    posting = EnrichedPosting.model_validate_json(value)
    posting = posting.model_copy(update={"features": features_of(posting)})
    return (to_ghost(posting) if posting.status is Status.WITHDRAWN else posting).to_bytes()


@lru_cache(maxsize=8)
def code_hash(paths: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in _files(ROOT / path for path in paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _files(paths: Iterable[Path]) -> list[Path]:
    found = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sorted(file for file in found if file.suffix in _DATA and "__pycache__" not in file.parts)


def _stored(name: str, make: Callable[[], Made]) -> Made:
    """Written beside and moved, so that two reports at once read whole files."""
    path = STORE / name
    if path.is_file():
        found: Made = pickle.loads(path.read_bytes())
        return found
    made = make()
    STORE.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(pickle.dumps(made))
    scratch.replace(path)
    return made

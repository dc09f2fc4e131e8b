"""Worlds that do not grow: files of advertisements that other authors made, with their truth, under `tests/corpora/worlds`.

Their authors had seen neither the engine nor the other worlds, and their generators are no part of this repository: what
counts is what they made. Each line but the first, which holds the corpus's own values, is one posting, as a platform shows
it: what its fields leave out is read from its text, as the enrich stage does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import zstandard

from hub.domain.posting import Posting
from hub.enrich import clean, enrich
from ops.match_report.listed import Corpus, Listed, held_out_keys

FOLDER = Path(__file__).parents[2] / "tests" / "corpora" / "worlds"
SIZES = {
    "fourth world": 2_727,
    "fifth world": 2_833,
    "sixth world": 2_531,
    "seventh world": 2_664,
    "eighth world": 2_332,
    "ninth world": 2_303,
    "eleventh world": 1_734,
    "twelfth world": 1_809,
}
"""Postings of each."""


def fixed_world(name: str) -> Callable[[int, int], Corpus]:
    """The corpus of `<name>.jsonl.zst`; size and seed, which other worlds are made by, say nothing to it."""

    def read(*_: int) -> Corpus:
        data = zstandard.ZstdDecompressor().decompress((FOLDER / f"{name}.jsonl.zst").read_bytes())
        first, *lines = map(orjson.loads, data.splitlines())
        listed = [_listed(line) for line in lines]
        return Corpus(f"{name} world", listed, first["platform_hosts"], first["clock"], held_out_keys(listed))

    return read


def _listed(line: dict[str, object]) -> Listed:
    """`line`: the fields of `Listed` as JSON; `value` is the posting itself."""
    many = {name: frozenset(line.pop(name)) for name in ("languages", "traits")}  # type: ignore[arg-type]
    posting = Posting.model_validate_json(orjson.dumps(line["value"]))
    return Listed(**{**line, **many, "value": enrich(clean(posting, contacts="drop")).to_bytes()})  # type: ignore[arg-type]

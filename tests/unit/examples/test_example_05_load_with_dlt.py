"""Example 05 tells a copy that is wrong from a feed that went on while dlt was at work."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLE = runpy.run_path(str(Path(__file__).parents[3] / "examples" / "05_load_with_dlt" / "run.py"))
HELD = {"opp-a": "1", "opp-b": "2"}
DIGEST = EXAMPLE["digest"](HELD.items())


@pytest.mark.parametrize(
    ("before", "after", "digest", "word"),
    [
        (7, 7, DIGEST, "complete"),
        (7, 9, DIGEST, "complete"),
        (7, 7, "another", "INCOMPLETE"),
        (7, 9, "another", "the feed has gone on meanwhile: run it again"),
    ],
)
def test_only_a_feed_that_stood_still_shows_a_copy_to_be_wrong(before: int, after: int, digest: str, word: str) -> None:
    assert EXAMPLE["judge"](HELD, {"cursor": before}, {"cursor": after, "digest": digest}) == word

"""Who may speak against a merge: each posting of either side, but for what its own platform shows anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hub.matching.clustering import MATCH, Edge, cluster

OPPOSED = {"a:former", "b:1"}


@pytest.mark.parametrize(
    ("live", "found"),
    [
        ({"a:1", "b:1"}, [("a:1", "a:former", "b:1")]),
        ({"b:1"}, [("a:1", "a:former"), ("b:1",)]),
    ],
    ids=["a former round of what is live", "nothing of its platform is live"],
)
def test_a_former_round_says_nothing_against_what_its_platform_shows_now(live: set[str], found: list[tuple[str, ...]]) -> None:
    entries: dict[str, Any] = {key: SimpleNamespace(key=key, source=key[0]) for key in ("a:1", "a:former", "b:1")}
    joined, refused = cluster(
        entries,
        [Edge(MATCH, -9, "a:1", "a:former"), Edge(MATCH, -5, "a:1", "b:1")],
        is_counted=lambda entry: entry.key in live,
        is_separated=lambda *_: False,
        is_opposed=lambda one, other: {one.key, other.key} == OPPOSED,
    )
    assert joined == found
    assert [refusal.reason for refusal in refused] == ["the evidence is against a:former and b:1"] * (len(found) - 1)

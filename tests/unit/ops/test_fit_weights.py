"""What is fitted tells pairs of one world apart, not worlds."""

from __future__ import annotations

from ops.fit_weights.__main__ import Row, fit
from ops.fit_weights.ordered import SCALES

START = {(field, level): 0.0 for field, scales in SCALES.items() for scale in scales for level in scale} | {
    ("title", "equal"): 1.0,
    ("title", "different"): -1.0,
    ("body", "whole"): 1.0,
    ("body", "none"): -1.0,
}


def rows(title: str, body: str, same: int, other: int) -> list[Row]:
    """A pattern and how many pairs of it are the same and are not."""
    levels = (("title", title), ("body", body))
    return [(levels, 0.0, True, float(same)), (levels, 0.0, False, float(other))]


def test_what_one_world_has_more_often_is_its_prior_and_no_evidence() -> None:
    """Equal titles tell nothing in either world; most pairs of one world have them, and most of its pairs are the same."""
    sure = [*rows("equal", "whole", 800, 80), *rows("equal", "none", 80, 8), *rows("different", "whole", 80, 8)]
    doubtful = [*rows("different", "whole", 8, 80), *rows("different", "none", 80, 800), *rows("equal", "whole", 8, 80)]
    weights, priors = fit([sure, doubtful], START, -3.0)
    assert abs(weights["title", "equal"] - weights["title", "different"]) < 0.5
    assert priors[0] - priors[1] > 5


def test_what_tells_pairs_apart_in_every_world_is_evidence() -> None:
    world = [*rows("equal", "whole", 80, 8), *rows("different", "whole", 8, 80)]
    weights, priors = fit([world, world], START, -3.0)
    assert weights["title", "equal"] - weights["title", "different"] > 5
    assert abs(priors[0] - priors[1]) < 0.1

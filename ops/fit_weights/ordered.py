"""Levels that lie on one scale, and weights that keep to its order: more agreement never says less.

The nearest weights in order are found by pooling adjacent violators (Barlow and others, "Statistical inference under order
restrictions", 1972): neighbours that are the wrong way round get their weighted mean, until none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Key = tuple[str, str]

SCALES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "title": (
        ("equal", "near", "close", "weak", "different"),
        ("concept_high", "concept_middle", "concept_low", "concept_none"),
    ),
    "body": (
        ("whole", "most", "much", "half", "some", "little", "none"),
        ("short_whole", "short_most", "short_half", "short_little"),
        ("copied_whole", "copied_most", "copied_much", "copied_half", "copied_some", "copied_little", "copied_none"),
        ("copied_short_whole", "copied_short_most", "copied_short_half", "copied_short_little"),
    ),
    "vocabulary": (("half", "third", "some", "few"),),
    "figures": (("all", "few_all", "most", "half", "few", "none"), ("only", "only_none")),
    "names": (
        ("all", "most", "some", "none"),
        ("few_all", "some", "few_none"),
        ("translated_most", "translated_some", "translated_few_none", "translated_none"),
    ),
    "unit": (("same", "other"),),
    "occupation": (("named", "other"),),
    "facts": (("many", "two", "one"), ("mixed", "other", "apart")),
    "slots": (("none", "one", "several"),),
    "closing": (("equal", "near", "apart", "far"),),
    "published": (("same_day", "at_once", "near", "fortnight", "apart", "far"),),
    "hours": (("equal", "one_end", "overlap", "different"),),
    "pay": (("equal", "one_end", "overlap", "different"),),
    "education": (("equal", "overlap", "different"),),
    "contract": (("equal", "different"),),
    "municipality": (("same", "near", "different"),),
    "level": (("same", "one_sided", "other"),),
    "department": (("same", "one_sided", "other"),),
    "number": (("same", "one_sided", "other"),),
    "start": (("equal", "day", "shifted", "other_time", "other_day"),),
    "venue": (("same", "different"),),
}
"""Field → its scales, the most agreement first."""
HELD = 1e6
"""Weight of what is not fitted: the others come to it."""


def put_in_order(
    moved: Sequence[float], certainty: Sequence[float], start: Mapping[Key, float], place: Mapping[Key, int]
) -> list[float]:
    """`moved` (bits away from `start`, by `place`) with every scale in order; `certainty` weighs the levels of a scale."""
    result = list(moved)
    for field, scales in SCALES.items():
        for scale in scales:
            keys = [(field, level) for level in scale]
            bits = [start[key] + (result[place[key]] if key in place else 0.0) for key in keys]
            weights = [certainty[place[key]] if key in place else HELD for key in keys]
            for key, value in zip(keys, falling(bits, weights), strict=True):
                if key in place:
                    result[place[key]] = value - start[key]
    return result


def falling(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest values (least squares by `weights`) that never rise."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, mass, size = value, weight, 1
        while pools and pools[-1][0] < mean:
            former, held, count = pools.pop()
            mean, mass, size = (former * held + mean * mass) / (held + mass), held + mass, count + size
        pools.append((mean, mass, size))
    return [mean for mean, _, size in pools for _ in range(size)]

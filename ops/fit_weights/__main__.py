"""Fit the weights: maximum a posteriori logistic regression on levels, with the experts' start values as its prior.

Fellegi–Sunter weights are log likelihood ratios under independence; fields of advertisements are not independent, so the
ratios are found together, by the penalised likelihood, which leaves them additive (Winkler 2000 does the same by EM with
interactions). Each corpus counts as so many pairs (`SAY`) however large it is, so that a generated world cannot outvote
the experts and the pairs written by hand, and has a prior of its own: how many of its candidates are the same is its habit,
and one prior for all would let the weights tell worlds apart instead of pairs. The model's is their mean. Each weight moves
within `LIMIT` bits of its start, and levels of one scale keep their order: that a nearly equal title says more than an equal
one is an accident of a world.

    python -m ops.fit_weights [--write]
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from math import exp, log
from pathlib import Path

from hub.matching import MatchModel, default_parts
from ops.fit_weights.labelled import Labelled, of_corpus, of_hard_pairs
from ops.fit_weights.ordered import put_in_order
from ops.match_report.fixedworld import SIZES, fixed_world
from ops.match_report.otherworld import other_world
from ops.match_report.sandboxworld import sandbox_world
from ops.match_report.thirdworld import third_world

SAY = 2_500.0
SANDBOX_SAY = 6_000.0
"""Two of its corpora against six of the regional worlds, which have more true pairs and fewer look-alikes."""
HARD_SAY = 300.0
SIGMA = 1.0
FLOOR = -0.5
"""Least that a level may say whose start is nothing; one that speaks for a pair at its start never speaks against it."""
LIMIT = 6.0
ROUNDS = 40
LARGEST_STEP = 1.0
NEUTRAL = frozenset({"none", "missing", "remote", "programme", "shared", "other_employer", "intermediary", "unsure"})
"""Levels that say that nothing can be said: they stay at their start."""
FREE = frozenset(
    {("body", "none"), ("figures", "none"), ("names", "none"), ("title", "different"), ("reference", "other_employer")},
)
"""Spelled like one of those, but a finding."""
WORLDS = ((900, 11), (3_000, 12))
BASE = frozenset({("published", "apart")})
"""Levels of fields that always say something: they stay at nothing, and the prior takes what they would say."""
OTHER_WORLDS = ((1_500, 21), (5_000, 22))
THIRD_WORLDS = ((1_500, 31), (5_000, 32))
FIXED_WORLDS = ("fourth", "fifth", "ninth", "eleventh")
"""Files; to the sixth, the seventh, the eighth and the twelfth nothing is fitted."""
EXPERT = {"address", "reference", "kind", "repost", "lives", "closing", "facts", "unit", "slots"}
"""Fields whose weights experts set alone: what names a job outright is no matter of frequencies; and worlds that are made copy
or redraw what a text counts more neatly than people do."""

Weights = dict[tuple[str, str], float]
Row = tuple[tuple[tuple[str, str], ...], float, bool, float]
"""Levels, template bits, is it the same, weight."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the fitted weights into the model's weights.toml")
    write = parser.parse_args().write
    path = Path(str(resources.files("hub.matching") / "reference" / "weights.toml"))
    start_path = Path(__file__).parent / "start.toml"
    tree = tomllib.loads(start_path.read_text(encoding="utf-8"))
    start: Weights = {(field, level): bits for field, rows in tree["bits"].items() for level, bits in rows.items()}
    model = MatchModel({**default_parts(), "weights": start_path.read_text(encoding="utf-8")})
    corpora = [
        weighted(of_corpus(make(size, seed), model), say)
        for make, sizes, say in (
            (sandbox_world, WORLDS, SANDBOX_SAY),
            (other_world, OTHER_WORLDS, SAY),
            (third_world, THIRD_WORLDS, SAY),
            *((fixed_world(name), ((SIZES[f"{name} world"], 1),), SAY) for name in FIXED_WORLDS),
        )
        for size, seed in sizes
    ]
    corpora.append(weighted(of_hard_pairs(model), HARD_SAY))
    fitted, priors = fit(corpora, start, tree["decision"]["prior"])
    prior = round(sum(priors) / len(priors), 1)
    print(f"prior {tree['decision']['prior']} → {prior}, of the corpora {', '.join(f'{one:.1f}' for one in priors)}")
    for key in sorted(start):
        seen = sum(weight for rows in corpora for levels, _, _, weight in rows if key in levels)
        print(f"{key[0]:>14} {key[1]:<16} {start[key]:6.1f} → {fitted[key]:6.1f}   ({seen:.0f})")
    if write:
        path.write_text(rewritten(start_path.read_text(encoding="utf-8"), {**fitted, ("", "prior"): prior}), encoding="utf-8")


def weighted(corpus: Labelled, say: float) -> list[Row]:
    """Rows of a corpus: together they weigh `say`, in their natural proportions."""
    total = sum(corpus.values())
    return [(pattern, penalty / 1000, same, say * count / total) for (pattern, penalty, same), count in sorted(corpus.items())]


def fit(corpora: Sequence[Sequence[Row]], start: Weights, prior: float) -> tuple[Weights, list[float]]:
    """Newton's method on the penalised likelihood. Bits in, bits out: weights, and a candidate's prior in each corpus."""
    free = sorted(key for key in start if is_free(key))
    place = {key: number for number, key in enumerate(free)}
    moved = [0.0] * (len(free) + len(corpora))
    for number in range(ROUNDS):
        gradient, hessian = slopes(corpora, start, prior, place, moved)
        steps = solved(hessian, gradient)
        # Far from the optimum the likelihood is flat and a full step would leap over it.
        scale = min(1.0, LARGEST_STEP / max(map(abs, steps)))
        scale *= 1.0 if number < ROUNDS // 2 else 0.5  # putting levels in order makes full steps go to and fro
        moved = [move + scale * step for move, step in zip(moved, steps, strict=True)]
        moved = put_in_order(moved, [row[at] for at, row in enumerate(hessian)], start, place)
        moved = raised(moved, start, place)
    limited = {key: max(-LIMIT, min(LIMIT, moved[at])) for key, at in place.items()}
    weights = {key: round(bits + limited.get(key, 0.0), 1) for key, bits in start.items()}
    return weights, [prior + move for move in moved[len(free) :]]


def raised(moved: Sequence[float], start: Weights, place: Mapping[tuple[str, str], int]) -> list[float]:
    """`moved` with no level below its floor.

    Where look-alikes share their employer's template, what is equal tells little and what is equal in part seems to tell
    against a pair. That is a habit of some worlds, and boards round hours and name one of two educations in all of them.
    """
    result = list(moved)
    for key, at in place.items():
        if start[key] >= 0:
            result[at] = max(result[at], (0.0 if start[key] > 0 else FLOOR) - start[key])
    return result


def slopes(
    corpora: Sequence[Sequence[Row]], start: Weights, prior: float, place: Mapping[tuple[str, str], int], moved: Sequence[float]
) -> tuple[list[float], list[list[float]]]:
    """First and second derivatives of the penalised log likelihood; the last places are the priors, which pay no penalty."""
    size, ln2 = len(moved), log(2)
    penalties = [1 / SIGMA**2] * len(place) + [0.0] * len(corpora)
    gradient = [-move * penalty for move, penalty in zip(moved, penalties, strict=True)]
    hessian = [[penalties[at] if at == other else 0.0 for other in range(size)] for at in range(size)]
    for number, rows in enumerate(corpora, len(place)):
        for levels, template, same, weight in rows:
            active = [place[key] for key in levels if key in place] + [number]
            logit = ln2 * (sum(start[key] for key in levels) + sum(moved[at] for at in active) - template + prior)
            chance = 1 / (1 + exp(-max(-500.0, min(500.0, logit))))
            step, bend = weight * ln2 * (same - chance), weight * ln2 * ln2 * chance * (1 - chance)
            for at in active:
                gradient[at] += step
                row = hessian[at]
                for other in active:
                    row[other] += bend
    return gradient, hessian


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a symmetric positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = rows[at]
        for row in rows[at + 1 :]:
            if row[at]:
                factor = row[at] / pivot[at]
                row[at:] = [value - factor * other for value, other in zip(row[at:], pivot[at:], strict=True)]
    result = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][other] * result[other] for other in range(at + 1, size))
        result[at] = (rows[at][size] - known) / rows[at][at]
    return result


def is_free(key: tuple[str, str]) -> bool:
    return key in FREE or (key[0] not in EXPERT and key not in BASE and key[1] not in NEUTRAL)


def rewritten(text: str, fitted: Mapping[tuple[str, str], float]) -> str:
    """The start file with other numbers: comments and order stay."""
    field, lines = "", []
    for line in text.splitlines():
        if found := re.match(r"\[bits\.(\w+)\]", line):
            field = found[1]
        elif line.startswith("["):
            field = ""
        elif (row := re.match(r"(\w+) = (-?[\d.]+)(.*)", line)) and (field, row[1]) in fitted:
            line = f"{row[1]} = {fitted[field, row[1]]}{row[3]}"
        lines.append(line)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

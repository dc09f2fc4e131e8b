"""What a board adds to a title: gender tags, hours, the town, the employer, or capitals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ops.match_report.thirdworld.boards import AGENCY, GATHERED, JOBS, NORTH, Board, where_of
from ops.match_report.thirdworld.opening import Opening
from ops.match_report.thirdworld.tables import NL, stable
from ops.match_report.thirdworld.titles import capitalised

_SMALL_WORDS = frozenset({"of", "and", "in", "for", "the"})


@dataclass(frozen=True, slots=True)
class Headed:
    """A title, and what may be added to it."""

    opening: Opening
    lang: int
    title: str
    name: str
    """The employer's, as the board spells it."""
    has_hours: bool
    """Whether the listing tells them."""


def decorated(rng: random.Random, board: Board, headed: Headed) -> str:
    adding = _BY_BOARD.get(board)
    return adding(rng, headed) if adding else headed.title


def _by_employer(rng: random.Random, headed: Headed) -> str:
    """On the employers' own board each has its habit."""
    opening = headed.opening
    habit = stable(JOBS.source, opening.employer.key, "deco") % 100
    if habit < 30:
        return headed.title + (rng.choice((" (m/v/x)", " (m/v)", " m/v/x")) if headed.lang == NL else " (f/m/x)")
    if habit < 40 and headed.has_hours:
        return headed.title + (_hours(*opening.hours) if headed.lang == NL else "")
    if habit < 50 and len(opening.employer.towns) > 1:
        return f"{headed.title} {opening.town}"
    return headed.title


def _hours(low: int, high: int) -> str:
    return f" {high} uur" if low == high else f" ({low}-{high} uur)"


def _by_gatherer(rng: random.Random, headed: Headed) -> str:
    title = headed.title
    if rng.random() < 0.12:
        return f"{title} in {where_of(headed.opening.town).municipality}"
    if rng.random() < 0.08:
        return f"Vacature {title}"
    if rng.random() < 0.05:
        return f"{title} | {headed.name}"
    return title.upper() if rng.random() < 0.05 else title


def _in_english(rng: random.Random, headed: Headed) -> str:
    if rng.random() < 0.05:
        return f"{headed.title} at {headed.name}"
    if rng.random() < 0.3:
        return " ".join(word if word in _SMALL_WORDS else capitalised(word) for word in headed.title.split(" "))
    return headed.title


def _by_agency(rng: random.Random, headed: Headed) -> str:
    if rng.random() >= 0.15:
        return headed.title
    terms = "(fulltime)" if headed.opening.hours[1] >= 36 else "(parttime)"
    return f"{headed.title} {rng.choice(('gezocht!', '– per direct', terms))}"


_BY_BOARD: dict[Board, Callable[[random.Random, Headed], str]] = {
    JOBS: _by_employer,
    GATHERED: _by_gatherer,
    NORTH: _in_english,
    AGENCY: _by_agency,
}

"""Six boards of the third world and their habits: which openings they show, in which language, and what they leave out.

- `noordwerk` is the employers' own regional board: full texts, mostly Dutch, and most fields;
- `northjobs` is English only, retells the advertisement in running text and often leaves out days and references;
- `drieprovincies` gathers from everywhere: plain lines, cut, with titles of its own making and a few agencies;
- `startlijn` is for starters: traineeships and first jobs, with nearly always a closing day;
- `flexmatch` is an agency that retells and mostly hides its client;
- `campusnoord` is for students: short, at times in both languages, often without a place.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hub.domain.posting import Location
from hub.enrich.places import to_located
from ops.match_report.thirdworld.opening import Opening
from ops.match_report.thirdworld.tables import EN, LANGUAGES, NL, stable


@dataclass(frozen=True, slots=True)
class Board:
    """Shares are of its listings."""

    source: str
    rank: int
    hours: float
    pay: float
    closing: float
    reference: float
    """Told in the text; a part of these also stand in the field."""
    reference_field: float
    education: float
    domain: float
    """The employer's, beside its name."""
    other_name: float
    """Another name of the occupation than the employer's."""
    nameless: float
    job_address: float
    """In the employer's own recruitment system."""
    has_www: bool = False
    agency: str | None = None

    @property
    def host(self) -> str:
        return f"{'www.' if self.has_www else ''}{self.source}.example"


JOBS = Board("noordwerk", 4, 0.92, 0.97, 0.9, 0.92, 0.6, 0.75, 0.3, 0, 0.005, 0.55, True)
NORTH = Board("northjobs", 5, 0.5, 0.6, 0.6, 0.7, 0.25, 0.3, 0.15, 0.12, 0.025, 0.25, True)
GATHERED = Board("drieprovincies", 6, 0.8, 0.75, 0.7, 0.65, 0.6, 0.4, 0, 0.12, 0.025, 0.08, True)
START = Board("startlijn", 4, 0.75, 0.75, 0.95, 0.6, 0.6, 0.7, 0.3, 0.05, 0.005, 0.3)
AGENCY = Board("flexmatch", 5, 0.75, 0.7, 0.3, 0, 0.6, 0.3, 0, 0.35, 0.005, 0, agency="FlexMatch")
CAMPUS = Board("campusnoord", 5, 0.6, 0.6, 0.8, 0.65, 0.25, 0.3, 0, 0.1, 0.005, 0.2)
BOARDS = (JOBS, NORTH, GATHERED, START, AGENCY, CAMPUS)
HOSTS = {host: board.source for board in BOARDS for host in (f"{board.source}.example", board.host)}

_ENGLISH_SHARE = {
    **{"it": 0.5, "data": 0.5, "eng": 0.4, "res": 0.9, "lab": 0.35, "agri": 0.45, "fin": 0.15, "log": 0.16, "tech": 0.22},
    **{"prod": 0.18, "sales": 0.25, "comm": 0.2, "hr": 0.12, "mgt": 0.25, "edu": 0.2, "care": 0.07, "social": 0.02},
    **{"policy": 0.05, "public": 0.04, "legal": 0.05, "admin": 0.08, "fac": 0.12, "mus": 0.2},
}
"""Of openings of a group, shown to an English-speaking public."""
_ABROAD = frozenset({"uni", "energy", "agri", "sme_tech"})
"""Sectors that now and then write in English themselves."""
_HIRES_BY_AGENCY = frozenset({"tech", "prod", "log", "fac"})


def boards_of(opening: Opening, rng: random.Random) -> list[Board]:
    """One at least."""
    found = [board for board, share in _shares(opening).items() if rng.random() < share]
    if AGENCY in found and rng.random() < 0.5:  # an employer that hires an agency mostly leaves the search to it
        found = [board for board in found if board is AGENCY or (board is GATHERED and rng.random() < 0.3)]
    if opening.consortium and START not in found:
        found.insert(0, START)
    return found or [GATHERED if opening.employer.is_small else JOBS]


def _shares(opening: Opening) -> dict[Board, float]:
    if opening.kind == "traineeship":
        return {START: 0.88, JOBS: 0.55, GATHERED: 0.3, NORTH: 0.22, CAMPUS: 0.3}
    if opening.is_internship:
        return {CAMPUS: 0.62, JOBS: 0.5, GATHERED: 0.25, NORTH: 0.3, START: 0.15}
    if opening.kind == "side_job":
        return {CAMPUS: 0.6, GATHERED: 0.6, JOBS: 0.2, AGENCY: 0.15}
    sector, group, is_small = opening.employer.sector, opening.work.group, opening.employer.is_small
    is_junior = opening.level == "Junior"
    english = _ENGLISH_SHARE[group] * (1.5 if sector in ("uni", "energy") else 1) * (0.6 if is_small else 1.25)
    return {
        JOBS: 0.42 if is_small else 0.82,
        GATHERED: 0.7 if is_small else 0.55,
        NORTH: english,
        CAMPUS: 0.4 if sector in ("uni", "has") else 0.25 if is_junior else 0.04,
        AGENCY: 0.25 if group in _HIRES_BY_AGENCY or is_small else 0.07,
        START: 0.12 if is_junior else 0,
    }


def language_of(opening: Opening, board: Board) -> int:
    """An employer and a board keep to one language for an opening."""
    sector, is_research = opening.employer.sector, opening.work.group == "res"
    if board is NORTH:
        return EN
    if board is JOBS:
        return EN if is_research or (sector in _ABROAD and stable(opening.key, "en-ad") % 12 == 0) else NL
    if board is CAMPUS:
        share = 55 if sector in (*_ABROAD, "chem") else 25
        return EN if is_research or stable(opening.key, "campus-en") % 100 < share else NL
    return NL


def shown_name(opening: Opening, board: Board, lang: int, rng: random.Random, seed: int) -> str:
    """The employer's name there: a board keeps to one spelling of it in a language, for some listings it does not."""
    employer = opening.employer
    if opening.consortium and board is not START and rng.random() < 0.6:
        employer = opening.consortium[stable(opening.key, "partner", board.source) % len(opening.consortium)]
    steady = random.Random(f"{seed}:{board.source}:{employer.key}:{LANGUAGES[lang]}")
    habit = steady if rng.random() < 0.86 else rng
    names = employer.names[lang]
    name = names[0] if habit.random() < 0.55 else habit.choice(names)
    if employer.is_hard and habit.random() < (0.16 if board is JOBS else 0.34):
        name = habit.choice(employer.hard_names)
    if lang == EN and habit.random() < 0.15:
        name = employer.names[NL][0]
    if habit.random() < 0.05 and not employer.is_small:
        name = f"{name} {opening.town}"
    if rng.random() < 0.03 and opening.department[NL] and lang == NL:
        name = f"{name}, {opening.department[NL]}"
    return name.upper() if habit.random() < 0.04 and len(name) < 25 else name


class Where(NamedTuple):
    town: str
    municipality: str
    province: str
    """Empty when the town is not known."""


@lru_cache(maxsize=256)
def where_of(town: str) -> Where:
    found, _ = to_located(Location(place=town))
    return Where(town, found.municipality_name or town, found.province or "")


def place_of(opening: Opening, board: Board, rng: random.Random) -> Location | None:
    """As exact as the board is; None where it says nothing."""
    where, draw = where_of(opening.town), rng.random()
    written = next(written for limit, written in _PLACES[board] if draw < limit)
    return written(where)


def _none(_: Where) -> None:
    return None


def _town(where: Where) -> Location:
    return Location(place=where.town)


def _municipality(where: Where) -> Location:
    return Location(place=where.municipality)


_PLACES: dict[Board, tuple[tuple[float, Callable[[Where], Location | None]], ...]] = {
    JOBS: (
        (0.04, _none),
        (0.9, _town),
        (1, lambda where: Location(place=f"{where.town}, {where.province}" if where.province else where.town)),
    ),
    GATHERED: (
        (0.05, _none),
        (0.4, _municipality),
        (1, lambda where: Location(place=where.town, province=where.province or None)),
    ),
    NORTH: (
        (0.09, _none),
        (0.22, lambda where: Location(province=where.province or "Groningen")),
        (0.45, lambda where: Location(place=where.municipality, country="NL")),
        (1, lambda where: Location(place=where.town, country="NL")),
    ),
    AGENCY: (
        (0.15, lambda where: Location(province=where.province or "Drenthe")),
        (0.3, lambda where: Location(place=f"regio {where.municipality}")),
        (0.6, _municipality),
        (1, _town),
    ),
    CAMPUS: ((0.18, _none), (1, _town)),
    START: ((0.08, _none), (0.2, _municipality), (1, _town)),
}
"""Below which draw a board writes a place in which way."""

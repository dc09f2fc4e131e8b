"""The true openings of the third world, family by family: an opening and its look-alikes of the same employer.

Six in ten are of the employers in the table, the others of small ones that are made as they are needed. An employer
seeks the same twice only as a look-alike, but for a few that came about by chance.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from ops.match_report.thirdworld.choices import chosen
from ops.match_report.thirdworld.families import look_alike
from ops.match_report.thirdworld.opening import Opening, Work
from ops.match_report.thirdworld.small_employers import small_employer
from ops.match_report.thirdworld.tables import Employer, Occupation, Pair, employers, occupations, pairs, programme, tracks
from ops.match_report.thirdworld.terms import LEVELLED, departments_of, hours_of, new_dates, new_pay, new_reference

KINDS = {"vacancy": 83, "traineeship": 5, "graduation_internship": 5, "internship": 5, "side_job": 2}
"""Of a hundred openings."""
SHARED, FAMILIES = 0.006, 0.24
"""Shares: of traineeships of several employers together, of openings with look-alikes made for them."""
_TRIES = 60
_ALSO_AT_SMALL = ("bookkeeper", "insidesales", "mgtassist", "planner", "account", "marketing")
_SIDE_JOBS = frozenset(
    {"kcc", "warehouse", "reception", "cleaner", "helpdesk", "cook", "insidesales", "teachassist", "carer", "content"}
)
_INTERNS = frozenset({"it", "data", "eng", "comm", "hr", "fin", "policy", "lab", "sales", "social", "agri"})
_TOPICS_OF = {"public": "policy", "legal": "policy", "social": "care", "tech": "eng", "prod": "eng"}
_SPRING, _AUTUMN = date(2027, 2, 1), date(2027, 9, 1)


@dataclass(slots=True)
class _Made:
    """What there is already."""

    small: list[Employer] = field(default_factory=list)
    used: set[tuple[str, str, Work]] = field(default_factory=set)


def openings(seed: int) -> Iterator[list[Opening]]:
    """Endless; each family depends on the seed and on those before it."""
    rng = random.Random(f"third:{seed}")
    made, number = _Made(), 0
    while True:
        number += 1
        if rng.random() < SHARED:
            family = [_shared(rng, number)]
        else:
            kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
            employer, work = _wanted(rng, kind, made)
            family = [_new(rng, number, employer, kind, work)]
        ways: list[str] = []
        if rng.random() < FAMILIES:
            for _ in range(rng.choices((1, 2, 3, 5), (60, 25, 10, 5))[0]):
                number += 1
                way, family[0], other = look_alike(rng, number, family[0], has_repost="repost" in ways)
                ways.append(way)
                family.append(other)
        yield family


def _wanted(rng: random.Random, kind: str, made: _Made) -> tuple[Employer, Work]:
    """An employer and what it seeks; of what was sought before only after many tries or by a small chance."""
    found: tuple[Employer, Work] | None = None
    for _ in range(_TRIES):
        employer = _employer(rng, kind, made.small)
        work = _work(rng, employer, kind)
        if work is None:
            continue
        found = employer, work
        if (employer.key, kind, work) not in made.used or rng.random() < 0.02:
            break
    if found is None:
        raise RuntimeError(f"no employer of the tables seeks a {kind}: give a sector an occupation or a topic for it")
    made.used.add((found[0].key, kind, found[1]))
    return found


def _employer(rng: random.Random, kind: str, small: list[Employer]) -> Employer:
    weights = [employer.weight for employer in employers()]
    if rng.random() < 0.62 and kind != "side_job":
        return rng.choices(employers(), weights)[0]
    if len(small) < 15 or rng.random() < 0.35:
        small.append(small_employer(rng, len(small)))
    found = rng.choice(small)
    return rng.choices(employers(), weights)[0] if kind == "traineeship" or rng.random() < 0.05 else found


@lru_cache(maxsize=128)
def _sought(sector: str, is_small: bool) -> tuple[Occupation, ...]:
    also = [occupations()[key] for key in _ALSO_AT_SMALL] if is_small else []
    return (*(one for one in occupations().values() if sector in one.sectors), *also)


def _work(rng: random.Random, employer: Employer, kind: str) -> Work | None:
    """None when the employer has nothing of the kind."""
    pool = _sought(employer.sector, employer.is_small)
    if kind == "traineeship":
        fit = [track.topic for track in tracks() if employer.sector in track.sectors]
        return Work(None, "policy", rng.choice(fit)) if fit else None
    if kind == "graduation_internship":
        groups = sorted({_TOPICS_OF.get(one.group, one.group) for one in pool})
        groups = [group for group in groups if pairs("groups", "topics", group)]
        if not groups:
            return None
        group = rng.choice(groups)
        return Work(None, group, rng.choice(pairs("groups", "topics", group)))
    if kind == "side_job":
        pool = tuple(one for one in pool if one.key in _SIDE_JOBS)
    if kind == "internship":
        pool = tuple(one for one in pool if one.group in _INTERNS)
    if not pool:
        return None
    occupation = rng.choice(pool)
    return Work(occupation, occupation.group)


def _shared(rng: random.Random, number: int) -> Opening:
    """A traineeship of three to six employers in the name of their programme."""
    track = rng.choice([track for track in tracks() if track.is_shared])
    opening = _new(rng, number, programme(), "traineeship", Work(None, "policy", track.topic))
    pool = [employer for employer in employers() if employer.sector in track.sectors]
    hosts = rng.sample(pool, min(len(pool), rng.randint(3, 6)))
    return replace(opening, consortium=tuple(hosts), duration=24, said=replace(opening.said, months=8))


def _new(rng: random.Random, number: int, employer: Employer, kind: str, work: Work) -> Opening:
    opening = _BY_KIND.get(kind, _job)(rng, f"o{number}", employer, kind, work)
    reference, job = new_reference(employer, rng), str(rng.randint(10_000, 99_999))
    posted, closes = new_dates(rng)
    opening = replace(opening, reference=reference, job=job, posted=posted, closes=closes)
    return replace(opening, said=chosen(rng, opening))


def _traineeship(rng: random.Random, key: str, employer: Employer, kind: str, work: Work) -> Opening:
    return Opening(
        key,
        kind,
        employer,
        work,
        rng.choice(employer.towns),
        duration=rng.choice((12, 18, 24, 24)),
        education=("hbo", "wo"),
        start=rng.choice((_SPRING, date(2027, 3, 1), _AUTUMN)),
        hours=rng.choice(((36, 36), (40, 40), (32, 40))),
    )


def _graduation(rng: random.Random, key: str, employer: Employer, kind: str, work: Work) -> Opening:
    education: Sequence[tuple[str, ...]] = (("hbo",), ("wo",), ("hbo", "wo"))
    return Opening(
        key,
        kind,
        employer,
        work,
        rng.choice(employer.towns),
        education=rng.choice(education),
        hours=rng.choice(((32, 40), (36, 36), (40, 40))),
        start=rng.choice((_SPRING, date(2027, 2, 8), _AUTUMN)),
    )


def _job(rng: random.Random, key: str, employer: Employer, kind: str, work: Work) -> Opening:
    """A vacancy, a side job or an internship: what has an occupation."""
    occupation = work.occupation
    assert occupation is not None
    town = employer.towns[0] if rng.random() < 0.55 else rng.choice(employer.towns)
    opening = Opening(key, kind, employer, work, town, education=occupation.education, hours=rng.choice(hours_of(work.group)))
    if kind == "side_job":
        opening = replace(opening, hours=rng.choice(((8, 12), (8, 16), (12, 16))))
    if kind == "internship":
        level = "wo" if work.group in ("res", "policy") else rng.choice(("hbo", "wo", "mbo4"))
        opening = replace(opening, education=(level,))
        opening = replace(opening, hours=rng.choice(((32, 40), (36, 40))), start=rng.choice((_SPRING, _AUTUMN)))
    if kind == "vacancy" and work.group in LEVELLED:
        opening = replace(opening, level=rng.choices(("", "Junior", "Medior", "Senior"), (55, 13, 11, 21))[0])
    if kind != "internship" and rng.random() < 0.65:
        opening = replace(opening, pay=new_pay(rng, opening, occupation))
    departments = departments_of(employer)
    if departments and rng.random() < 0.55:
        department: Pair = rng.choice(departments)
        opening = replace(opening, department=department, is_department_in_title=rng.random() < 0.55)
    nl, en = (rng.choices(range(len(names)), (5, 3, 2)[: len(names)])[0] for names in occupation.names)
    return replace(opening, names=(nl, en), contract=rng.choice(("permanent", "fixed_term", "temporary_with_prospect", None)))


_BY_KIND: dict[str, Callable[[random.Random, str, Employer, str, Work], Opening]] = {
    "traineeship": _traineeship,
    "graduation_internship": _graduation,
}

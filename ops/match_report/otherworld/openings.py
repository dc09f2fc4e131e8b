"""The true openings of the other world: what employers look for, before any platform has said a word about it.

Openings of one employer and occupation come in families: another department, level, town, kind or round of the same
title. Two of them always differ in something that an advertisement may say; whether a platform says it is its habit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ops.match_report.otherworld.tables import Employer, Occupation, Pair, employers, occupations, pairs, texts, words

LEVELS = ("none", "none", "none", "junior", "medior", "senior")
TODAY = 100
"""The day on which the world is looked at; nothing was posted later."""
FAMILY_SHARE = 0.35
"""Of the vacancies: made as a look-alike of one that is there."""
PAY = {"mbo2": 2300, "mbo3": 2500, "mbo4": 2800, "hbo": 3300, "wo": 4200}


@dataclass(frozen=True, slots=True)
class Opening:
    key: str
    kind: str
    """`vacancy`, `internship`, `traineeship`, `event`."""
    employer: Employer
    hosts: tuple[Employer, ...]
    """Several employers of one traineeship, the first being `employer`."""
    occupation: Occupation | None
    topic: Pair | None
    title_form: int
    """Which of the labels, or which of the event's titles."""
    department: Pair
    level: str
    town: str
    hours: tuple[int, int]
    pay: tuple[int, int]
    reference: str
    job: int
    posted: int
    """Days after the world's first day."""
    days_open: int
    intro: int
    tasks: tuple[int, ...]
    facts: tuple[int, ...]
    words: dict[str, str]
    start: tuple[int, int] = (0, 0)
    """An event's day and minute of the day."""
    round: int = 0

    @property
    def signature(self) -> tuple[str, ...]:
        """What tells it from its family."""
        what = self.occupation.key if self.occupation else (self.topic or ("", ""))[1]
        return (
            self.employer.key,
            what,
            self.kind,
            self.department[0],
            self.level,
            self.town,
            str(self.start[0]),
            str(self.round),
        )

    @property
    def family(self) -> tuple[str, str]:
        what = self.occupation.key if self.occupation else f"{self.kind} {self.title_form} {(self.topic or ('', ''))[1]}"
        return (self.employer.key, what)


def openings(seed: int) -> Iterator[Opening]:
    """Endless; each new opening depends on the seed and on those before it."""
    rng = random.Random(f"otherworld {seed}")
    taken: set[tuple[str, ...]] = set()
    by_employer: dict[str, list[Opening]] = {}
    weights = [employer.weight for employer in employers()]
    number = 0
    while True:
        employer = rng.choices(employers(), weights)[0]
        known = by_employer.setdefault(employer.key, [])
        opening = _next(rng, employer, known, number)
        if opening.signature in taken:
            continue
        taken.add(opening.signature)
        known.append(opening)
        number += 1
        yield opening


def _next(rng: random.Random, employer: Employer, known: list[Opening], number: int) -> Opening:
    draw = rng.random()
    if draw < 0.07:
        return _event(rng, employer, known, number)
    if draw < 0.11:
        return _traineeship(rng, employer, known, number)
    vacancies = [opening for opening in known if opening.kind in ("vacancy", "internship")]
    if vacancies and rng.random() < FAMILY_SHARE:
        return _relative(rng, rng.choice(vacancies), number)
    return _vacancy(rng, employer, number)


def _vacancy(rng: random.Random, employer: Employer, number: int) -> Opening:
    sectors = employer.sectors
    sector = rng.choices(sectors, [4] + [1] * (len(sectors) - 1))[0]
    occupation = rng.choice([one for one in occupations() if one.sector == sector])
    kind = "internship" if rng.random() < 0.07 else "vacancy"
    return _filled(
        rng, employer, number, kind=kind, occupation=occupation, form=rng.choices((0, 1, 2, 3), (4, 3, 2, 1))[0], sector=sector
    )


def _filled(
    rng: random.Random, employer: Employer, number: int, *, kind: str, occupation: Occupation, form: int, sector: str
) -> Opening:
    low = rng.choice((16, 20, 24, 28, 32, 36, 40))
    base = PAY.get(occupation.education, 3000) + rng.randrange(-4, 12) * 50
    # An employer writes the same kind of work in the same words; one or two sentences differ from opening to opening.
    habit = random.Random(f"habit {employer.key} {occupation.key}")
    count = len(pairs("sector", sector, "tasks"))
    tasks = habit.sample(range(count), 4)
    tasks[rng.randrange(4)] = rng.randrange(count)
    level = rng.choice(LEVELS) if kind == "vacancy" else "intern"
    return Opening(
        key=f"o{number}",
        kind=kind,
        employer=employer,
        hosts=(employer,),
        occupation=occupation,
        topic=None,
        title_form=form,
        department=rng.choice(pairs("department", sector)),
        level=level,
        town=rng.choice(employer.towns),
        hours=(low, min(40, low + rng.choice((0, 0, 4, 8)))),
        pay=(base, base + rng.choice((600, 900, 1200, 1500))),
        reference=f"{employer.key[:3].upper()}-{rng.choice((2026, 26))}-{rng.randrange(100, 9999)}",
        job=rng.randrange(10_000, 999_999),
        posted=TODAY - rng.randrange(0, 35),
        days_open=rng.choice((14, 21, 28, 35, 42, 60)),
        intro=habit.randrange(4),
        tasks=tuple(dict.fromkeys(tasks)),
        facts=tuple(rng.sample(range(10), 5)),
        words=_words(rng),
    )


def _words(rng: random.Random) -> dict[str, str]:
    """What only this opening says: figures and names that are the same in both languages."""
    return {
        "team": str(rng.randrange(4, 28)),
        "system": rng.choice(words("systems")),
        "tool": rng.choice(words("tools")),
        "project": rng.choice(words("projects")),
        "partner": rng.choice(words("partners")),
        "years": str(rng.randrange(1, 8)),
        "places": str(rng.randrange(2, 5)),
        "months": str(rng.choice((4, 5, 6, 12, 18, 24))),
        "rotations": str(rng.randrange(2, 5)),
        "seats": str(rng.randrange(20, 400, 5)),
        "start_day": str(rng.randrange(1, 29)),
        "start_month": str(rng.randrange(0, 12)),
    }


def _relative(rng: random.Random, other: Opening, number: int) -> Opening:
    """A look-alike: the same employer and title, and one thing or two that differ."""
    assert other.occupation is not None
    fresh = _filled(
        rng,
        other.employer,
        number,
        kind=other.kind,
        occupation=other.occupation,
        form=other.title_form,
        sector=other.occupation.sector,
    )
    made = replace(fresh, department=other.department, level=other.level, town=other.town, intro=other.intro)
    axis = rng.choice(("department", "department", "level", "town", "kind", "round"))
    if axis == "department":
        made = replace(made, department=fresh.department)
    elif axis == "level":
        made = replace(made, level=fresh.level)
    elif axis == "town":
        made = replace(made, town=fresh.town)
    elif axis == "kind":
        kind = "internship" if other.kind == "vacancy" else "vacancy"
        made = replace(made, kind=kind, level="intern" if kind == "internship" else "none")
    else:  # the same job was open once before, a season ago
        made = replace(made, round=other.round + 1, posted=other.posted - made.days_open - rng.randrange(30, 60))
    if rng.random() < 0.5:
        made = replace(made, hours=other.hours)
    return made if rng.random() < 0.5 else replace(made, tasks=other.tasks)


def _traineeship(rng: random.Random, employer: Employer, known: list[Opening], number: int) -> Opening:
    """Of several employers together, in rounds of a spring and an autumn; one in three is of one employer alone."""
    earlier = [opening for opening in known if opening.kind == "traineeship"]
    if earlier and rng.random() < 0.4:
        other = rng.choice(earlier)
        job = rng.randrange(10_000, 999_999)
        former = replace(other, key=f"o{number}", round=other.round + 1, posted=other.posted - 150, job=job)
        return replace(former, reference=f"{other.reference}-{former.round + 1}", words=_words(rng))
    sector = employer.sectors[0]
    occupation = rng.choice([one for one in occupations() if one.sector == sector])
    base = _filled(rng, employer, number, kind="vacancy", occupation=occupation, form=rng.randrange(3), sector=sector)
    others = rng.sample([one for one in employers() if one.key != employer.key], 3)
    topic = rng.choice(pairs("events", "topics"))
    hosts = (employer,) if rng.random() < 0.33 else (employer, *others)
    return replace(base, kind="traineeship", hosts=hosts, occupation=None, topic=topic, level="trainee", hours=(36, 40))


def _event(rng: random.Random, employer: Employer, known: list[Opening], number: int) -> Opening:
    """A meeting; some come back every four weeks in the same place."""
    earlier = [opening for opening in known if opening.kind == "event"]
    if earlier and rng.random() < 0.45:
        other = rng.choice(earlier)
        again = replace(other, key=f"o{number}", start=(other.start[0] + 28, other.start[1]), round=other.round + 1)
        return replace(again, job=rng.randrange(10_000, 999_999), posted=min(TODAY, other.posted + rng.randrange(0, 20)))
    base = _vacancy(rng, employer, number)
    venues: list[str] = texts()["events"]["venues"]
    return replace(
        base,
        kind="event",
        occupation=None,
        level="none",
        topic=rng.choice(pairs("events", "topics")),
        title_form=rng.randrange(len(pairs("events", "titles"))),
        start=(base.posted + rng.randrange(15, 70), rng.choice((570, 600, 780, 840, 930, 1080, 1140))),
        words={**base.words, "venue": rng.choice(venues)},
    )

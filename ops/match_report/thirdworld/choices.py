"""What an employer's own advertisement says of an opening, chosen once: every board that shows it draws from this.

The order in which chance is asked is part of the world: one draw more or less makes all openings after it others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from ops.match_report.thirdworld.opening import Detail, Opening, Said, dated
from ops.match_report.thirdworld.tables import EN, NL, Pair, pairs, texts

BANK = 20
"""Numbers of sentences are drawn below this and counted round."""


def chosen(rng: random.Random, opening: Opening) -> Said:
    """Written anew. Tasks stand in the order of their table, all else as it was drawn."""
    said = Said(hook=rng.randrange(BANK), offer=tuple(rng.sample(range(BANK), BANK)[:3]), procedure=rng.randrange(BANK))
    occupation = opening.work.occupation
    if occupation is not None and not opening.is_internship:
        said = replace(said, tasks=tuple(sorted(_some(rng, len(occupation.tasks), 3, 5))))
        count = len(requirements(opening.work.group))
        said = replace(said, requirements=_some(rng, count, 2, 4))
    said = replace(said, days=days(rng), team=team(rng, opening))
    forms = details_of(opening)
    said = replace(said, details=tuple(detail(rng, opening, form) for form in rng.sample(forms, rng.randint(2, 4))))
    if opening.kind == "traineeship":
        said = replace(said, months=rng.choice((6, 8, 12)), years=rng.choice((1, 2, 3)))
        said = replace(said, pay=rng.choice((2850, 2900, 2975, 3010, 3120, 3200)))
        return replace(said, tasks=tuple(sorted(rng.sample(range(len(pairs("texts", "traineeship", "tasks"))), 4))))
    if opening.is_internship:
        said = replace(said, months=rng.choice((4, 5, 6, 8)), pay=rng.choice((350, 400, 450, 500, 550, 600)))
        return replace(said, tasks=tuple(sorted(rng.sample(range(len(pairs("texts", "internship", "tasks"))), 3))))
    return said


def _some(rng: random.Random, count: int, low: int, high: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(count), min(count, rng.randint(low, high))))


def requirements(group: str) -> tuple[Pair, ...]:
    return pairs("groups", "requirements", texts("groups")["requirements_as"].get(group, group))


def days(rng: random.Random) -> tuple[int, ...]:
    return _some(rng, len(pairs("texts", "opening", "days")), 2, 4)


def team(rng: random.Random, opening: Opening) -> tuple[int, ...]:
    """An employer has four sentences about its people and uses two or more of them."""
    habit = random.Random(f"team:{opening.employer.key}")
    return tuple(habit.sample(range(len(pairs("texts", "opening", "team"))), 4)[: rng.randint(2, 4)])


def details_of(opening: Opening) -> Sequence[int]:
    """Rows that fit the opening: what has a first day of its own is no job for good."""
    rows = texts("texts")["details"]
    return [form for form, row in enumerate(rows) if opening.start is None or not row["is_for_jobs_only"]]


def detail(rng: random.Random, opening: Opening, form: int) -> Detail:
    """Row `form` with figures and names that are the same in both languages."""
    many, few = rng.randint(4, 32), rng.randint(2, 9)
    start = opening.posted.replace(day=1) + timedelta(days=rng.choice((62, 73, 104, 132)))
    start = start.replace(day=rng.choice((1, 1, 15)))
    project = rng.choice(texts("texts")["projects"]["first"]) + rng.choice(texts("texts")["projects"]["second"])
    occupation = opening.work.occupation
    tool = rng.choice(occupation.tools if occupation and occupation.tools else ("Excel",))
    department = opening.department if opening.department[NL] else ("de afdeling", "the department")
    slots = {
        "many": many,
        "few": few,
        "millions": rng.randint(2, 60),
        "figure": rng.randint(11, 95),
        "years": rng.randint(2, 4),
        "project": project,
        "year": rng.choice((2027, 2028, 2029, 2030)),
        "tool": tool,
        "start_nl": dated(start, NL),
        "start_en": dated(start, EN),
        "department_nl": department[NL],
        "department_en": department[EN],
        "site": rng.choice(opening.employer.towns),
    }
    nl, en = texts("texts")["details"][form]["text"]
    return Detail((nl.format(**slots), en.format(**slots)), form)

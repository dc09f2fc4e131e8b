"""Look-alikes: another opening of the same employer and work, which differs in one thing and in sentences of its own.

Personnel departments copy an old text and change what they must; the same job comes up again a season later. A look-alike
may stand on the same boards on the same days, and whether a board shows what keeps the two apart is its habit.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from ops.match_report.thirdworld.choices import chosen, days, detail, details_of, team
from ops.match_report.thirdworld.opening import Opening, Said
from ops.match_report.thirdworld.tables import NL, pairs
from ops.match_report.thirdworld.terms import LEVELLED, departments_of, hours_of, new_dates, new_reference

_LEVEL_PAY = {"Junior": 0.87, "": 1, "Medior": 1.05, "Senior": 1.2}
_ROUNDS = (date(2027, 2, 1), date(2027, 3, 1), date(2027, 9, 1), date(2028, 2, 1))


def look_alike(rng: random.Random, number: int, base: Opening, *, has_repost: bool) -> tuple[str, Opening, Opening]:
    """The way in which they differ, `base` as it is from now on, and the look-alike."""
    reference, job = new_reference(base.employer, rng), str(rng.randint(10_000, 99_999))
    way = rng.choice(_ways(base, has_repost=has_repost) or ["team"])
    if base.kind == "graduation_internship":
        way = rng.choice(("cohort", "topic"))
    if rng.random() < 0.4:
        posted = base.posted
        closes = base.closes if rng.random() < 0.5 else base.closes + timedelta(days=rng.choice((3, 5, 7, 14)))
    else:
        posted, closes = new_dates(rng)
    other = replace(base, key=f"o{number}", reference=reference, job=job, posted=posted, closes=closes)
    if way in _CHANGES:
        other = _CHANGES[way](rng, base, other)
    if way == "department" and not base.is_department_in_title:  # the first one's title comes to say which it is
        base = replace(base, is_department_in_title=bool(base.department[NL]) and rng.random() < 0.6)
    return way, base, replace(other, said=_said(rng, base, other, way))


def _ways(base: Opening, *, has_repost: bool) -> list[str]:
    """Each as often as it is likely."""
    ways = []
    if base.work.occupation is not None and any(one != base.department for one in departments_of(base.employer)):
        ways += ["department"] * 4
    if len(base.employer.towns) > 1:
        ways += ["town"] * 3
    if base.work.occupation is not None and base.work.group in LEVELLED and base.kind == "vacancy":
        ways += ["level"] * 3
    if base.kind == "traineeship" or base.is_internship:
        ways += ["cohort"] * 4
    if base.kind == "vacancy" and not has_repost:
        ways += ["repost"] * 3 + ["hours", "team", "team"]
    return ways


def _said(rng: random.Random, base: Opening, other: Opening, way: str) -> Said:
    """Three in ten are written anew, the others copied; who works there and what is particular is told anew in all."""
    if rng.random() < 0.3:
        said = chosen(rng, other)
        if base.kind == "traineeship":
            said = replace(said, months=base.said.months)
    else:
        said = base.said
        # Nothing drawn next is told, for all details are drawn anew below; but without it all later openings were others.
        rng.randrange(len(said.details))
        known = {one.form for one in said.details}
        detail(rng, other, rng.choice([form for form in details_of(other) if form not in known]))
        if way == "team":
            said = replace(said, days=days(rng))
    said = replace(said, team=team(rng, other))
    return replace(said, details=tuple(detail(rng, other, form) for form in rng.sample(details_of(other), 3)))


def _department(rng: random.Random, base: Opening, other: Opening) -> Opening:
    department = rng.choice([one for one in departments_of(base.employer) if one != base.department])
    return replace(other, department=department, is_department_in_title=rng.random() < 0.8)


def _town(rng: random.Random, base: Opening, other: Opening) -> Opening:
    towns = base.employer.towns
    return replace(other, town=rng.choice([town for town in towns if town != base.town] or towns))


def _level(rng: random.Random, base: Opening, other: Opening) -> Opening:
    level = rng.choice([level for level in ("", "Junior", "Medior", "Senior") if level != base.level])
    other = replace(other, level=level)
    if base.pay is None:
        return other
    low, high = (round(amount * _LEVEL_PAY[level] / _LEVEL_PAY[base.level]) for amount in base.pay)
    return replace(other, pay=(low, high))


def _hours(rng: random.Random, base: Opening, other: Opening) -> Opening:
    others = [hours for hours in hours_of(base.work.group) if hours != base.hours]
    return replace(other, hours=rng.choice(others), contract="fixed_term")


def _cohort(rng: random.Random, base: Opening, other: Opening) -> Opening:
    """Another round; half of the traineeships' are last year's or the one before."""
    first = base.start or _ROUNDS[0]
    other = replace(other, start=rng.choice([day for day in _ROUNDS if abs((day - first).days) > 60]))
    if base.kind != "traineeship" or rng.random() >= 0.5:
        return other
    before = date(first.year, 3, 1) if first.month > 3 else date(first.year - 1, 9, 1)
    posted = base.posted - timedelta(days=rng.randint(60, 130))
    return replace(other, start=before, posted=posted, closes=posted + timedelta(days=30))


def _topic(rng: random.Random, base: Opening, other: Opening) -> Opening:
    return replace(other, work=replace(base.work, topic=rng.choice(pairs("groups", "topics", base.work.group))))


def _repost(rng: random.Random, base: Opening, other: Opening) -> Opening:
    """The same job was open once before, a season ago, at times for other pay or hours."""
    closed = base.posted - timedelta(days=rng.randint(40, 100))
    other = replace(other, closes=closed, posted=closed - timedelta(days=rng.choice((14, 21, 28, 30))))
    if rng.random() < 0.4 and base.pay:
        low, high = (amount - rng.choice((40, 60, 85)) for amount in base.pay)
        other = replace(other, pay=(low, high))
    if rng.random() < 0.35:
        other = replace(other, hours=rng.choice(hours_of(base.work.group)))
    return other


_CHANGES: dict[str, Callable[[random.Random, Opening, Opening], Opening]] = {
    "department": _department,
    "town": _town,
    "level": _level,
    "hours": _hours,
    "cohort": _cohort,
    "topic": _topic,
    "repost": _repost,
}
"""`team` changes nothing but sentences."""

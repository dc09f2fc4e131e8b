"""Hours, pay, departments, references and days of an opening, as its employer and its field of work set them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from ops.match_report.thirdworld.opening import TODAY, Opening
from ops.match_report.thirdworld.tables import Employer, Occupation, Pair, pairs

Hours = tuple[int, int]
"""A week, from and to."""
LEVELLED = frozenset({"it", "data", "eng", "policy", "fin", "legal", "comm", "hr", "mgt", "lab", "sales"})
"""Groups whose jobs have a level."""
LEVEL_PAY = {"": 1, "Junior": 0.9, "Medior": 1.03, "Senior": 1.18}
_CARE: tuple[Hours, ...] = ((24, 32), (16, 24), (28, 36), (24, 24), (32, 36), (20, 28))
_IT: tuple[Hours, ...] = ((32, 40), (36, 40), (40, 40), (36, 36))
_TECH: tuple[Hours, ...] = ((38, 38), (40, 40), (32, 40))
_OFFICE: tuple[Hours, ...] = ((32, 36), (36, 36), (24, 32), (28, 36), (32, 40), (16, 24))
_RESEARCH: tuple[Hours, ...] = ((38, 38), (36, 38), (40, 40))
_HOURS = {
    **dict.fromkeys(("care", "social", "fac", "edu"), _CARE),
    **dict.fromkeys(("it", "data", "eng"), _IT),
    **dict.fromkeys(("tech", "prod", "log"), _TECH),
    "res": _RESEARCH,
}


def hours_of(group: str) -> tuple[Hours, ...]:
    return _HOURS.get(group, _OFFICE)


def departments_of(employer: Employer) -> tuple[Pair, ...]:
    """None of a small employer."""
    return () if employer.is_small else pairs("sectors", "departments", employer.sector)


def new_reference(employer: Employer, rng: random.Random) -> str | None:
    return employer.reference.format(y=26, n=rng.randint(1000, 9999)) if employer.reference else None


def new_dates(rng: random.Random) -> tuple[date, date]:
    """Posted and closing; one in five was posted more than a month ago."""
    back = rng.randint(0, 30) if rng.random() < 0.82 else rng.randint(31, 165)
    posted = TODAY - timedelta(days=back)
    return posted, posted + timedelta(days=rng.choice((14, 16, 20, 21, 25, 28, 30, 35, 42)))


def new_pay(rng: random.Random, opening: Opening, occupation: Occupation) -> tuple[int, int]:
    factor = LEVEL_PAY[opening.level] * (0.8 if opening.kind == "side_job" else 1)
    low, high = (round(amount * factor * rng.uniform(0.96, 1.04)) for amount in occupation.pay)
    return low, high

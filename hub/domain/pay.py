"""What pay can be: the periods it is given for, the amounts that each can have, and the period that an amount most likely has.

Amounts are euros before tax; the bounds are wide, since they tell a slip of the form from pay, not good pay from bad.
"""

from __future__ import annotations

from typing import Literal

Period = Literal["hour", "day", "week", "month", "year"]

PLAUSIBLE: dict[Period, tuple[float, float]] = {
    "hour": (3, 250),
    "day": (25, 2_000),
    "week": (50, 5_000),
    "month": (150, 25_000),
    "year": (5_000, 400_000),
}


def is_plausible(period: Period, amount: float) -> bool:
    lowest, highest = PLAUSIBLE[period]
    return lowest <= amount <= highest


def guess_period(amount: float) -> Period:
    """The period that an amount without one most likely has: under 100 an hour, under 15,000 a month, else a year."""
    return "hour" if amount < 100 else "month" if amount < 15_000 else "year"


def settle_period(stated: Period | None, amount: float) -> tuple[Period, bool]:
    """(period, whether it is a guess): the stated one, unless the amount cannot be for it and can be for the likely one."""
    likely = guess_period(amount)
    if stated is not None and (is_plausible(stated, amount) or not is_plausible(likely, amount)):
        return stated, False
    return likely, True

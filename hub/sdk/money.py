"""Salaries as people write them → numbers, both decimal marks; what is not a number stays text.

The last mark decides: followed by one or two digits it is the decimal mark, by three a thousands mark ("19,50",
"16.20", "3.100", "3,378.50"). Numbers that belong to something else (a scale, hours a week, a percentage, a year)
are taken out first.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hub.domain.pay import Period, settle_period
from hub.domain.posting import Salary

EURO_LIKE = (None, "EUR", "USD", "GBP", "CHF")
"""Currencies in which an amount tells a period; of others nothing is guessed against a stated one."""

_AMOUNT = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?!\d)\s?(k\b)?", re.I)
_NOT_MONEY = re.compile(
    r"(?:schaal|scale|fwg|hay|functiegroep|trede|step|level|niveau)\s*[:.]?\s*\d+[a-z]?(?:\s*(?:-|/|t/m|tot|en|and|to)\s*\d{1,2}\b(?![.,]\d))?"
    r"|\d+(?:[.,]\d+)?\s*(?:-\s*\d+\s*)?(?:%|(?:uur|uren|hours|hrs|dagen|days|weken|weeks|fte|maanden|months|e\s+maand|th\s+month)\b(?!\s*loon)|-?\s*urige?\b)"
    r"|\d+(?:[.,]\d+)?\s*%",
    re.I,
)
_WORDS = re.compile(r"[^\W\d_]|%")
"""What every expression of this page needs but the one for amounts."""
_SCALE = re.compile(r"(?:schaal|salarisschaal|scale|fwg|functiegroep)\s*[:.]?\s*(\d{1,3}[a-z]?)\b", re.I)
_CAO = re.compile(r"\bcao[\s:]+((?:[A-Z][\w&-]*|van|de|het|voor|en)(?:\s+(?!FWG|Schaal)(?:[A-Z][\w&-]*|van|de|het|voor|en))*)")
_BASIS = re.compile(r"(\d{2}(?:[.,]\d)?)\s*(?:-?\s*(?:urige|uur|uren|hours?|hrs))", re.I)
_PERIODS: tuple[tuple[re.Pattern[str], Period], ...] = (
    (re.compile(r"(?:per|an|a|/|p\.?)\s*(?:uur|hour|hr|u)\b|uurloon|hourly|\bp/?u\b", re.I), "hour"),
    (re.compile(r"(?:per|a|/|p\.?)\s*(?:dag|day)\b|daily", re.I), "day"),
    (re.compile(r"(?:per|a|/|p\.?)\s*week\b|weekly", re.I), "week"),
    (re.compile(r"(?:per|a|/|p\.?)\s*(?:maand|month|mnd)\b|maandsalaris|monthly|\bp[./]?m\b", re.I), "month"),
    (re.compile(r"(?:per|a|/|p\.?)\s*(?:jaar|year|annum|yr)\b|jaarsalaris|yearly|annual|\bp[./]?[aj]\b", re.I), "year"),
)
_CURRENCIES = (("€", "EUR"), ("eur", "EUR"), ("$", "USD"), ("£", "GBP"))
_PERIOD_WORDS: dict[str, Period] = {
    **dict.fromkeys(("hour", "hourly", "uur"), "hour"),
    **dict.fromkeys(("day", "daily", "dag"), "day"),
    **dict.fromkeys(("week", "weekly"), "week"),
    **dict.fromkeys(("month", "monthly", "maand"), "month"),
    **dict.fromkeys(("year", "yearly", "annual", "annually", "annum", "jaar"), "year"),
}

_AROUND_PERIOD = re.compile(r"\A(?:per|an?)[\s_-]+|[\s_-]+(?:salary|wage)\Z")


def to_period(word: str | None) -> Period | None:
    """`MONTH`, `monthly`, `per maand`, `per-month-salary` … → the canonical period; None for what is unknown."""
    return _PERIOD_WORDS.get(_AROUND_PERIOD.sub("", word.strip().lower())) if word else None


def to_currency(stated: str | None) -> str | None:
    """`EUR`, `eur`, `€`, `euro` → the code (ISO 4217); None for nothing."""
    code = (stated or "").strip().upper()
    return {"€": "EUR", "EURO": "EUR", "EUROS": "EUR"}.get(code, code) or None


def parse_amount(text: str) -> float | None:
    """The first number of the text, or None."""
    match = _AMOUNT.search(text)
    return _number(match) if match else None


@lru_cache(maxsize=1024)
def parse_salary(text: str, currency: str | None = None, period: Period | None = None) -> Salary | None:
    """A free text → Salary with `as_stated`; `currency` and `period` are what the source's own fields say.

    No range is invented: one number alone is `min` after "vanaf"/"from", `max` after "tot"/"up to", else both.
    "marktconform" gives a Salary with `as_stated` only. None for an empty text.
    """
    stated = " ".join(text.split())
    if not stated:
        return None
    if not _WORDS.search(stated):  # "3210 - 4980"
        lowest, highest = _bounds(stated)
        known = currency or (_currency(stated) if lowest is not None or highest is not None else None)
        return Salary(min=lowest, max=highest, currency=known, period=period, as_stated=stated[:2000])
    lowest, highest = _bounds(_NOT_MONEY.sub(" ", stated))
    basis = _BASIS.search(stated)
    scale = _SCALE.search(stated)
    cao = _CAO.search(stated.replace("CAO", "cao"))
    return Salary(
        min=lowest,
        max=highest,
        currency=currency or (_currency(stated) if lowest is not None or highest is not None else None),
        period=period or next((name for pattern, name in _PERIODS if pattern.search(stated)), None),
        hours_basis=float(basis[1].replace(",", ".")) if basis else None,
        scale=scale[1] if scale else None,
        cao=cao[1].strip() if cao else None,
        as_stated=stated[:2000],
    )


def in_order(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """The bounds of a range, the smaller one first: partners fill the two fields the wrong way round."""
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def with_period(salary: Salary | None, rule: str) -> tuple[Salary | None, dict[str, str]]:
    """Guess the period of a salary that has amounts and none, or one that cannot be (18.50 a month), and say so.

    Returns it with `salary.period` → `rule` for `field_origins`.
    """
    amount = None if salary is None else salary.max or salary.min
    if salary is None or not amount or (salary.period is not None and salary.currency not in EURO_LIKE):
        return salary, {}
    period, is_guess = settle_period(salary.period, amount)
    if not is_guess:
        return salary, {}
    return salary.model_copy(update={"period": period, "period_is_guess": True}), {"salary.period": rule}


def _bounds(text: str) -> tuple[float | None, float | None]:
    amounts = [_number(match) for match in _AMOUNT.finditer(text)]
    amounts = [amount for amount in amounts if amount > 0]
    if len(amounts) > 2 and 2000 <= amounts[0] < 2100 and amounts[0] < amounts[1]:
        amounts = amounts[1:]  # "vanaf 2026: € 3.000 tot € 3.500" begins with a year
    if not amounts:
        return None, None
    if len(amounts) == 1:
        lowered = text.lower()
        if re.search(r"vanaf|from|minimaal|at least|starting", lowered):
            return amounts[0], None
        if re.search(r"\btot\b|max|up to", lowered):
            return None, amounts[0]
        return amounts[0], amounts[0]
    first, second = amounts[0], amounts[1]
    if first < 1000 <= second < 1_000_000 and "k" in text.lower() and first * 1000 <= second:
        first *= 1000  # "40-45k"
    return (first, second) if first <= second else (second, first)


def _number(match: re.Match[str]) -> float:
    digits = re.sub(r"[' \u00a0\u202f]", "", match[1])
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and len(digits) - last - 1 in (1, 2):
        whole = digits[:last].replace(".", "").replace(",", "")
        number = float(f"{whole}.{digits[last + 1 :]}")
    else:
        number = float(digits.replace(".", "").replace(",", ""))
    return number * 1000 if match[2] else number


def _currency(text: str) -> str | None:
    lowered = text.lower()
    return next((code for mark, code in _CURRENCIES if mark in lowered), None)

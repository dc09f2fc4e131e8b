"""`baseSalary` in all its shapes: MonetaryAmount with a QuantitativeValue, a number, a text → Salary and what was guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.domain.pay import Period
from hub.domain.posting import Salary
from hub.sdk.formats.schema_org.values import as_list, as_text
from hub.sdk.money import in_order, parse_salary, to_currency, to_period, with_period

GUESS = "schema_org.salary.period_guess"
_ZERO = re.compile(r"[0.,]*\Z")


def salary_of(node: Mapping[str, Any]) -> tuple[Salary | None, dict[str, str]]:
    """The node's salary, and `salary.period` → rule where the source names no period, or none that can be."""
    stated = next(iter(as_list(node.get("baseSalary"))), None)
    if stated is None:
        stated = next(iter(as_list(node.get("estimatedSalary"))), None)
    if stated is None:
        return None, {}
    outer: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
    value = next(iter(as_list(outer.get("value"))), None) if outer else stated
    inner: Mapping[str, Any] = value if isinstance(value, dict) else {}
    nested = next(iter(as_list(inner.get("value"))), None)
    if isinstance(nested, dict):  # some generators put a QuantitativeValue into a QuantitativeValue
        inner = {**inner, "value": None, **nested}
    currency = to_currency(as_text(outer.get("currency")) or as_text(node.get("salaryCurrency")))
    period = to_period(as_text(inner.get("unitText")) or as_text(outer.get("unitText")) or _unit(inner) or None)
    lowest, highest = inner.get("minValue", outer.get("minValue")), inner.get("maxValue", outer.get("maxValue"))
    if lowest in (None, "") and highest in (None, ""):
        salary = parse_salary(_stated(inner.get("value") if inner else value), currency, period)
    else:
        salary = _range(_stated(lowest), _stated(highest), currency, period)
    return with_period(salary, GUESS)


def _stated(value: Any) -> str:
    """The text of an amount, or of the two ends of a range; zero is how forms say nothing."""
    texts = [text for entry in as_list(value) if (text := as_text(entry)) and not _ZERO.match(text)]
    return " - ".join(texts[:2])


def _range(lowest: str, highest: str, currency: str | None, period: Period | None) -> Salary | None:
    low = parse_salary(lowest, currency, period) if lowest else None
    high = parse_salary(highest, currency, period) if highest else None
    if low is None or high is None:
        only = low or high
        if only is None:
            return None
        return only.model_copy(update={"max": None} if low else {"min": None})
    least, most = in_order(low.min, high.max)
    return low.model_copy(update={"min": least, "max": most, "as_stated": f"{low.as_stated} - {high.as_stated}"})


def _unit(inner: Mapping[str, Any]) -> str:
    """UN/CEFACT codes, which some sites give instead of words."""
    return {"HUR": "hour", "DAY": "day", "WEE": "week", "MON": "month", "ANN": "year"}.get(
        as_text(inner.get("unitCode")).upper(), ""
    )

"""What stands behind a level, for a reader of an explanation: both postings' values, field by field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.matching.entry import DAY_MS, Entry
from hub.matching.facts import stated
from hub.matching.marks import marks_of
from hub.matching.wording import common_wording, rare_words, slots_apart

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def values_of(a: Entry, b: Entry) -> dict[str, tuple[Any, Any]]:
    """Field → both values as JSON; a field that is a judgement of both (body, slots, vocabulary) has the same value twice."""
    rows = {field: (value, _values(b)[field]) for field, value in _values(a).items()}
    share = common_wording(a, b) / 10
    rarer = "{} of {}".format(*rare_words(a, b))
    filled = f"{slots_apart(a, b)} filled in otherwise"
    return {
        **rows,
        "body": (f"{share:.0f} % of the shorter text", f"{share:.0f} % of the shorter text"),
        "slots": (filled, filled),
        "vocabulary": (rarer, rarer),
        "figures": _shared(marks_of(a.figures), marks_of(b.figures)),
        "names": _shared(marks_of(a.names), marks_of(b.names)),
    }


def _values(entry: Entry) -> dict[str, Any]:
    forms = entry.titles
    return {
        "address": list(entry.job_keys) or list(entry.page_keys),
        "reference": entry.reference,
        "employer": entry.employer.text if entry.employer else None,
        "municipality": list(entry.municipalities),
        "kind": entry.kind.value,
        "title": [form.text for form in forms],
        "level": sorted({level for form in forms for level in form.levels}),
        "department": [form.department for form in forms if form.department],
        "number": sorted({number for form in forms for number in form.numbers}),
        "hours": list(entry.hours),
        "pay": list(entry.pay),
        "contract": entry.contract,
        "education": list(entry.education),
        "closing": _day(entry.closes),
        "published": _day(entry.published),
        "lives": [_day(moment // DAY_MS) for moment in entry.life],
        "start": (EPOCH + timedelta(minutes=entry.starts)).isoformat() if entry.starts is not None else None,
        "unit": [name for names in entry.units or () for name in names],
        "occupation": [wording.core for wording in entry.occupations],
        "facts": stated(entry.facts),
        "venue": entry.venue,
        "series": [entry.series, entry.occurrence],
    }


def _shared(a: frozenset[int], b: frozenset[int]) -> tuple[str, str]:
    common = len(a & b)
    return f"{common} of {len(a)}", f"{common} of {len(b)}"


def _day(day: int | None) -> str | None:
    """ISO date; None also for a day beyond the calendar (an open end)."""
    return None if day is None or day > 1_000_000 else (EPOCH + timedelta(days=day)).date().isoformat()

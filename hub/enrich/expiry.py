"""`expires_at`: the earliest moment that closes a posting, in unix milliseconds. No clock: unify judges it.

A moment at midnight in Amsterdam (or UTC) is a date without a time, and such a day counts to its end.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from hub.domain.posting import Kind, Posting
from hub.domain.series import end_of_day, over_at, to_millis
from hub.domain.zone import REGION_ZONE


def expires_at(posting: Posting) -> tuple[int | None, str | None]:
    """The moment and the field that gave it."""
    moments: list[tuple[int, str]] = []
    if posting.valid_through is not None:
        moments.append((_end_of(posting.valid_through), "valid_through"))
    if posting.apply is not None and posting.apply.deadline is not None:
        moments.append((_end_of(posting.apply.deadline), "apply.deadline"))
    if posting.traineeship is not None and posting.traineeship.intake_deadline is not None:
        moments.append((end_of_day(posting.traineeship.intake_deadline), "traineeship.intake_deadline"))
    if posting.event is not None:
        end = over_at(posting.event)
        if posting.kind is Kind.EVENT:
            return _end_of_occurrences(posting, end)
        moments.append((end, "event.end"))
    return min(moments) if moments else (None, None)


def _end_of_occurrences(posting: Posting, end: int) -> tuple[int | None, str | None]:
    """An event closes at its end; a series, whose end is that of its first occurrence, when its last one may be over."""
    event = posting.event
    if event is not None and event.series is not None and event.series.ends == "never":
        return None, None
    is_series = event is not None and event.series is not None and event.series.recurrence_id is None
    if is_series and posting.valid_through is not None and (last := _end_of(posting.valid_through)) > end:
        return last, "valid_through"
    return end, "event.end" if event is not None and event.end else "event.start"


def _end_of(moment: datetime) -> int:
    """The end of the day when only a date was meant."""
    local = moment.astimezone(REGION_ZONE)
    if local.time() == time(0):
        return end_of_day(local.date())
    if moment.astimezone(UTC).time() == time(0):
        return end_of_day(moment.astimezone(UTC).date())
    return to_millis(moment)

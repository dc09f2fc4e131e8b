"""A posting of a board with what was done to it, and the numbers and moments that boards give their postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from hub.domain.posting import Posting
from ops.match_report.thirdworld.opening import Opening
from ops.match_report.thirdworld.tables import stable


@dataclass(frozen=True, slots=True)
class Shown:
    opening: Opening
    posting: Posting
    traits: frozenset[str]
    languages: frozenset[str]


def native_of(source: str, opening: Opening, seed: int, *, is_again: bool = False) -> str:
    """The board's own number of the listing, or of the one that it puts up after it."""
    return str(stable(seed, source, opening.key, *(["again"] if is_again else [])) % 10_000_000)


def unix_ms(day: date, hour: int = 8) -> int:
    return int(datetime.combine(day, time(hour), UTC).timestamp() * 1000)


def end_of(day: date) -> datetime:
    """The day's last second in the Netherlands in winter."""
    return datetime.combine(day, time(22, 59, 59), UTC)

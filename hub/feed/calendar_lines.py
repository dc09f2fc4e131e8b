"""Content lines of iCalendar (RFC 5545 §3.1, §3.3.11): values escaped, controls dropped, lines folded at 75 octets.

Nothing that a record holds can end a line: a value that is text is escaped, any other is made of characters that its kind
allows, and what remains of line breaks and control characters is dropped once more where lines are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

Line = tuple[str, str]
"""Name with its parameters, and value."""

FOLD_OCTETS = 75
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def to_lines(lines: Iterable[Line]) -> bytes:
    """The file: folded lines, each ended by CRLF."""
    return b"".join(_fold(f"{name}:{value}") for name, value in lines)


def text(value: str) -> str:
    """A value of type TEXT; line breaks of any kind become `\\n`."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped if escaped.isprintable() else _drop_controls("\\n".join(_BREAKS.split(escaped)))


def quoted(value: str) -> str:
    """A parameter's value: double quotes cannot stand in it (§3.1), nor be escaped."""
    return '"' + " ".join(_CONTROLS.split(value)).replace('"', "'") + '"'


def uri(address: str) -> str:
    """Addresses are not escaped; `reading.is_web` has judged those of records."""
    return _drop_controls(address)


def utc(moment: datetime) -> str:
    return _digits(moment.astimezone(UTC)) + "Z"


def time_line(name: str, moment: date, zone: str | None) -> Line:
    """A day, a time in a named zone, or one in UTC; so is the second of two equal times when clocks go back (§3.3.5)."""
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE", f"{moment.year:04}{moment.month:02}{moment.day:02}"
    return (f"{name};TZID={zone}", _digits(moment)) if zone is not None and not moment.fold else (name, utc(moment))


def hours(count: int) -> str:
    """A value of type DURATION."""
    return f"PT{count}H"


def _digits(moment: datetime) -> str:
    return f"{moment.year:04}{moment.month:02}{moment.day:02}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _drop_controls(value: str) -> str:
    return value if value.isprintable() else _CONTROLS.sub("", value)  # what is printable has none: the usual case, and quick


def _fold(line: str) -> bytes:
    """A continuation begins with one blank; no character is torn (§3.1)."""
    left = _drop_controls(line).encode()
    parts = []
    room = FOLD_OCTETS
    while len(left) > room:
        cut = room
        while left[cut] & 0xC0 == 0x80:  # within a character
            cut -= 1
        parts.append(left[:cut])
        left, room = left[cut:], FOLD_OCTETS - 1
    parts.append(left)
    return b"\r\n ".join(parts) + b"\r\n"

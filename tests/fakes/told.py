"""Feed records with content that people read, for tests of the formats they read it in."""

from __future__ import annotations

import orjson
from fakes.feed_records import FIRST, id_of

from hub.feed.entry import LogRecord
from hub.feed.read_model import Row

OWNER = "https://owner.example/banen/1"
SOURCE = {
    "source_key": "noorderlink:1",
    "source": "noorderlink",
    "url": "https://noorderlink.example/1",
    "first_seen": FIRST,
    "attribution": "Noorderlink, noorderlink.nl",
}
HOSTILE = (
    "]]> <script>alert(1)</script> &amp; &lt;b&gt;",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:injected",
    "back\\slash \\n; semicolon, comma: colon \"double\" 'single'",
    "right-to-left \u202eevil\u202c and \u2066isolated\u2069",
    "emoji 👩🏽‍💻 and 🇳🇱, ﬁ ligature, Fryslân, naïve",
    "line\u2028paragraph\u2029separators and nel\x85",
    "e\u0301 combining, \ufeff byte order mark, \u00a0 no-break",
    "9" * 300 + "é" * 300,
)
"""Titles from hell. XML and iCalendar can hold all of it, but for line breaks, which a title has none of."""
UNSPEAKABLE = "nul \x00 bell \x07 escape \x1b half \ud83d not-a-character \uffff end"
"""What neither format can hold: it is dropped, and the rest stays."""


def one_line(title: str) -> str:
    """A title as it is read: blanks of any kind are one blank."""
    return " ".join(title.split())


def record(number: int = 1, content: dict | None = None, **changes: object) -> dict:
    """A live vacancy with everything that people read."""
    told = {
        "title": {"nl": {"text": f"Vacature {number}"}, "en": {"text": f"Vacancy {number}"}},
        "description": {"nl": {"html": "<p>Kom <b>werken</b>.</p>", "text": "Kom werken."}},
        "organisation": {"name": "Gemeente Voorbeeld", "url": "https://voorbeeld.example/"},
        "locations": [{"place": "Assen"}],
        "canonical_url": OWNER,
        "sectors": [{"code": "energy", "score": 1.0, "rule": "r"}],
        "audiences": [{"code": "graduate", "score": 1.0, "rule": "r"}],
    }
    return {
        "id": id_of(number),
        "kind": "vacancy",
        "state": "live",
        "version": "v1",
        "first_published": FIRST,
        "last_changed": "2026-11-02T09:30:00.500Z",
        "content": {**told, **(content or {})},
        "sources": [SOURCE],
        **changes,
    }


def event(number: int = 1, happening: dict | None = None, content: dict | None = None, **changes: object) -> dict:
    """A live event in Assen, 1 December 2026, 19:00 to 21:00 there."""
    told = {
        "start": "2026-12-01T19:00:00+01:00",
        "end": "2026-12-01T21:00:00+01:00",
        "timezone": "Europe/Amsterdam",
        "venue": {"name": "De Nieuwe Kolk", "location": {"street": "Weiersstraat 1", "postcode": "9401 ET", "place": "Assen"}},
    }
    happens = {key: value for key, value in {**told, **(happening or {})}.items() if value is not None}
    return record(number, {"event": happens, **(content or {})}, **{"kind": "event", **changes})


def row(record: dict, cursor: int = 1) -> Row:
    """As the log holds it: JSON cannot hold halves of surrogate pairs, the read model none either."""
    return Row(cursor, record["id"], orjson.dumps(record))


def at(offset: int, record: dict) -> LogRecord:
    return LogRecord(offset, record["id"], orjson.dumps(record))


def closed(number: int = 1, reason: str = "filled", **changes: object) -> dict:
    """What a vacancy's record becomes: its facets stay."""
    kept = {key: value for key, value in record(number).items() if key not in ("content", "sources")}
    return {**kept, "state": "closed", "closed_reason": reason, "last_changed": "2026-11-03T00:00:00.000Z", **changes}

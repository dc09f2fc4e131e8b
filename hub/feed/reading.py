"""What a person reads of an opportunity, taken from its feed record: words in a language, places, the owner's page, rights.

Surfaces for people (Atom, iCalendar, HTML, JSON-LD) ask here, so that all of them say the same. Records are the log's own
JSON, from whatever release wrote them: a part that is missing or of another kind reads as empty, and nothing here raises.
Texts come as they stand in the record; whoever writes a format escapes them for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from hub.domain.posting import Lang

LANGUAGES: tuple[Lang, ...] = ("nl", "en")
"""In the order in which one stands in for another that is missing."""

Part = Mapping[str, Any]
SUMMARY_LETTERS = 300
_NOTHING: Part = {}


def content_of(record: Part) -> Part:
    """The golden record; empty for a closed opportunity."""
    return part_of(record, "content")


# --- words in a language ----------------------------------------------------------------------------------------------


def title_of(content: Part, lang: Lang) -> str:
    """In `lang`, else in the other language; one line. Empty when there is none."""
    return _on_one_line(_said(content, "title", "text", lang))


def title_language(content: Part, lang: Lang) -> Lang | None:
    """The language that `title_of` gives, which may be the other one."""
    return _spoken(content, "title", "text", lang)


def text_of(content: Part, lang: Lang) -> str:
    """The description without markup, lines kept; empty for what is link-only."""
    return _said(content, "description", "text", lang).strip()


def html_of(content: Part, lang: Lang) -> str:
    """The description as sanitised HTML; empty for what is link-only."""
    return _said(content, "description", "html", lang)


def text_language(content: Part, lang: Lang) -> Lang | None:
    """The language that `html_of` gives, which may be the other one."""
    return _spoken(content, "description", "html", lang)


def summary_of(content: Part, lang: Lang, letters: int = SUMMARY_LETTERS) -> str:
    """The text's beginning on one line, cut between words."""
    text = _on_one_line(text_of(content, lang))
    if len(text) <= letters:
        return text
    cut = text[:letters].rpartition(" ")[0] or text[: letters - 1]
    return f"{cut.rstrip(' ,;:–-')}…"


def is_link_only(content: Part) -> bool:
    """No source granted its text: a reader gets title, employer, place, dates, and the link."""
    return not any(text_of(content, lang) or html_of(content, lang) for lang in LANGUAGES)


# --- who, where, when -------------------------------------------------------------------------------------------------


def organisation_of(content: Part) -> str:
    """The employer's or organiser's name, else the agency's; empty when nobody says."""
    return name_of(part_of(content, "organisation")) or name_of(part_of(content, "intermediary"))


def places_of(content: Part) -> list[str]:
    """Each place once, as a person would name it; an event's venue when nothing else is said."""
    venue = part_of(event_of(content), "venue")
    named = [place_of(location) for location in parts_of(content, "locations")]
    found = named if any(named) else [place_of(part_of(venue, "location")) or name_of(venue)]
    return list(dict.fromkeys(filter(None, found)))


def place_of(location: Part) -> str:
    """The narrowest name that a location has, without its street."""
    return next((found for name in ("place", "municipality_name", "province") if (found := word_of(location, name))), "")


def codes_of(content: Part, field: str) -> list[str]:
    """Codes of a derived list: `sectors`, `audiences`, `occupation`, `skills`, `flags`."""
    return [code for row in parts_of(content, field) if (code := word_of(row, "code"))]


def categories_of(record: Part) -> list[tuple[str, str]]:
    """(filter field, code) of what a reader would sort it by: kind, sectors, audiences."""
    content = content_of(record)
    named = [("sector", code) for code in codes_of(content, "sectors")] + [
        ("audience", code) for code in codes_of(content, "audiences")
    ]
    return [("kind", word_of(record, "kind") or "vacancy"), *named]


def event_of(content: Part) -> Part:
    return part_of(content, "event")


def moment_of(stated: object) -> datetime | None:
    """An aware time from a record's text; what has no offset is taken as UTC."""
    if not isinstance(stated, str):
        return None
    try:
        moment = datetime.fromisoformat(stated)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except ValueError:
        return None


def days_of(start: datetime, end: datetime | None, zone: tzinfo | None) -> tuple[date, date]:
    """First and last day of an event that lasts all day, in `zone`, or as they are stated. An end at midnight closes the day
    before. Days are counted by the calendar: two in a year have no 24 hours.
    """
    last = start if end is None else max(start, end - timedelta(microseconds=1))
    return start.astimezone(zone or start.tzinfo).date(), last.astimezone(zone or last.tzinfo).date()


# --- where it comes from ----------------------------------------------------------------------------------------------


def urn_of(id_: str) -> str:
    """An opportunity's name outside the hub, which never changes and leads nowhere: Atom's id (RFC 4287 §4.2.6) and JSON-LD's."""
    return f"urn:hub:opportunity:{id_}"


def link_of(record: Part) -> str | None:
    """The owner's page: what readers are sent to. Else the page of the first source that has one."""
    stated = [word_of(content_of(record), "canonical_url"), *(word_of(source, "url") for source in parts_of(record, "sources"))]
    return next(filter(is_web, stated), None)


def attributions_of(record: Part) -> list[str]:
    """Each source's required words once; a source without any is named by its name."""
    named = [word_of(source, "attribution") or word_of(source, "source") for source in parts_of(record, "sources")]
    return list(dict.fromkeys(filter(None, named)))


def is_web(address: object) -> bool:
    """May a person be sent there? Only http and https, without blanks or control characters."""
    return isinstance(address, str) and re.fullmatch(r"https?://[^\s\x00-\x1f\x7f\"<>\\^`{|}]+", address) is not None


# --- parts of a record ------------------------------------------------------------------------------------------------


def part_of(parent: Part, name: str) -> Part:
    """An object of a record; empty when it is absent or something else."""
    found = parent.get(name) if isinstance(parent, dict) else None
    return found if isinstance(found, dict) else _NOTHING


def parts_of(parent: Part, name: str) -> Iterator[Part]:
    """The objects of a record's list."""
    found = parent.get(name) if isinstance(parent, dict) else None
    return (row for row in found if isinstance(row, dict)) if isinstance(found, list) else iter(())


def word_of(parent: Part, name: str) -> str:
    """A text of a record on one line; empty when it is absent or something else."""
    found = parent.get(name) if isinstance(parent, dict) else None
    return _on_one_line(found) if isinstance(found, str) else ""


def name_of(parent: Part) -> str:
    return word_of(parent, "name")


def _on_one_line(text: str) -> str:
    """Blanks of any kind, one or more, become one."""
    return " ".join(text.split())


def _spoken(content: Part, field: str, form: str, lang: Lang) -> Lang | None:
    texts = part_of(content, field)
    wanted = (lang, *(other for other in LANGUAGES if other != lang))
    return next((one for one in wanted if word_of(part_of(texts, one), form)), None)


def _said(content: Part, field: str, form: str, lang: Lang) -> str:
    spoken = _spoken(content, field, form, lang)
    return str(part_of(part_of(content, field), spoken)[form]) if spoken is not None else ""

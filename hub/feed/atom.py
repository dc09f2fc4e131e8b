"""Atom 1.0 (RFC 4287): what is live, the one that changed last first, in pages (RFC 5005 §3), with what has left (RFC 6721).

An entry keeps its id for ever and is listed once in a walk from the first page along `next`; such a complete walk is the
truth. Deleted entries stand on the first page alone and only for the newest departures: they spare a reader the walk, and
do not replace it. A source that grants links only gives an entry without a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from lxml import etree

from hub.domain.opportunity import rfc3339
from hub.domain.posting import Lang
from hub.feed import reading
from hub.feed.departures import Departure
from hub.feed.naming import Label, code_itself
from hub.feed.read_model import Row
from hub.feed.reading import Part

CONTENT_TYPE = "application/atom+xml"
DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
MOST_DEPARTURES = 200

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HUB = "Regional talent hub"


@dataclass(frozen=True, slots=True)
class Head:
    """Of one page. `id` is the same on all pages of a feed; `links`: relation → address; `updated`: unix ms, when nothing is
    listed."""

    id: str
    title: str
    subtitle: str
    lang: Lang
    links: Mapping[str, str]
    updated: int = 0


def render_atom(
    head: Head,
    rows: Sequence[Row],
    departures: Sequence[Departure],
    item_address: Callable[[str], str],
    label: Label = code_itself,
) -> bytes:
    """`rows`: live, newest change first; `item_address(id)`: where the hub shows an opportunity."""
    records: list[Part] = [orjson.loads(row.record) for row in rows]
    left = [(departure, orjson.loads(departure.record or b"{}")) for departure in departures]
    moments = [_changed(record) for record in (*records, *(record for _, record in left))]
    updated = max(filter(None, moments), default=rfc3339(head.updated))
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "at": TOMBSTONES})  # type: ignore[dict-item]
    feed.set(_XML_LANG, head.lang)
    _add(feed, "id", head.id)
    _add(feed, "title", head.title)
    if head.subtitle:
        _add(feed, "subtitle", head.subtitle)
    _add(feed, "updated", updated)
    _add(_add(feed, "author"), "name", HUB)
    _add(feed, "generator", HUB)
    credited = dict.fromkeys(words for record in records for words in reading.attributions_of(record))
    if credited:
        _add(feed, "rights", "; ".join(credited))
    for relation, address in head.links.items():
        kind = "text/html" if relation == "alternate" else CONTENT_TYPE
        _add(feed, "link", rel=relation, type=kind, href=address)
    for record in records:
        _add_entry(feed, record, head.lang, item_address, label)
    for departure, record in left:
        _add_departure(feed, departure, record, updated)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add_entry(feed: etree._Element, record: Part, lang: Lang, item_address: Callable[[str], str], label: Label) -> None:
    content, id_ = reading.content_of(record), reading.word_of(record, "id")
    entry = _add(feed, "entry")
    _add(entry, "id", reading.urn_of(id_))
    title = _add(entry, "title", reading.title_of(content, lang) or id_)
    _name_language(title, reading.title_language(content, lang), lang)
    changed = _changed(record) or rfc3339(0)
    _add(entry, "updated", changed)
    _add(entry, "published", _rfc3339(record.get("first_published")) or changed)
    credited = reading.attributions_of(record)
    _add(_add(entry, "author"), "name", reading.organisation_of(content) or next(iter(credited), HUB))
    owner = reading.link_of(record)
    _add(entry, "link", rel="alternate", type="text/html", href=owner or item_address(id_))
    _add(entry, "link", rel="related", href=item_address(id_), title=HUB)
    for source in reading.parts_of(record, "sources"):
        address = reading.word_of(source, "url")
        if reading.is_web(address):
            _add(entry, "link", rel="via", href=address, title=reading.word_of(source, "attribution") or None)
    for field, code in reading.categories_of(record):
        _add(entry, "category", scheme=f"urn:hub:{field}", term=code, label=label(field, code))
    if credited:
        _add(entry, "rights", "; ".join(credited))
    if not reading.is_link_only(content):
        spoken = reading.text_language(content, lang)
        if summary := reading.summary_of(content, lang):
            _name_language(_add(entry, "summary", summary), spoken, lang)
        if html := reading.html_of(content, lang):
            _name_language(_add(entry, "content", html, type="html"), spoken, lang)


def _add_departure(feed: etree._Element, departure: Departure, record: Part, updated: str) -> None:
    gone = etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry")
    gone.set("ref", _clean(reading.urn_of(departure.id)))
    gone.set("when", _changed(record) or updated)
    if reason := reading.word_of(record, "closed_reason"):
        etree.SubElement(gone, f"{{{TOMBSTONES}}}comment").text = _clean(reason)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str | None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        made.text = _clean(text)
    for attribute, value in attributes.items():
        if value is not None:
            made.set(attribute, _clean(value))
    return made


def _name_language(element: etree._Element, spoken: Lang | None, lang: Lang) -> None:
    if spoken is not None and spoken != lang:
        element.set(_XML_LANG, spoken)


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot hold (§2.2): control characters, halves of surrogate pairs, U+FFFE, U+FFFF."""
    return _NO_XML.sub("", text)


def _changed(record: Part) -> str | None:
    return _rfc3339(record.get("last_changed"))


def _rfc3339(stated: object) -> str | None:
    moment = reading.moment_of(stated)
    return rfc3339(round(moment.timestamp() * 1000)) if moment is not None else None

"""Which type an opportunity is, and what all types say alike.

A document says what the record says, and leaves out what would be a guess: schema.org has no word for "perhaps". Contact
data is not in the feed's record, and no property for it is ever written. What a source grants was judged before: of one
that grants links only the record holds title, employer, place, dates and address.
"""

from __future__ import annotations

from typing import Any

import orjson

from hub.domain.posting import Kind, Lang
from hub.feed.jsonld.course import to_course
from hub.feed.jsonld.event import to_event
from hub.feed.jsonld.job import to_job_posting
from hub.feed.jsonld.parts import address_of, filled
from hub.feed.reading import Part, content_of, link_of, parts_of, urn_of, word_of

CONTEXT = "https://schema.org"
_MAKE = {Kind.EVENT: to_event, Kind.COURSE: to_course}


def to_document(opportunity: Part, language: Lang = "nl") -> dict[str, Any]:
    """The JSON-LD document of a live opportunity, a record of the feed. `language`: of its texts, where there is a choice.

    `url` is the owner's page. `@id` and `identifier` name the opportunity, so that a feed made from ours is known as an echo.
    """
    make = _MAKE.get(opportunity["kind"], to_job_posting)
    body = make(opportunity, content_of(opportunity), language)
    head = {"@context": CONTEXT, "@type": body.pop("@type"), "@id": urn_of(opportunity["id"])}
    return filled({**head, **body, "url": link_of(opportunity), "subjectOf": _pages(opportunity)})


def to_json_ld(record: bytes, language: Lang = "nl") -> bytes:
    """The document of a feed record's JSON, as UTF-8 JSON."""
    return orjson.dumps(to_document(orjson.loads(record), language)) + b"\n"


def _pages(opportunity: Part) -> list[dict[str, Any]]:
    """The pages of those who list it, each with the credit that it asks for, else its name."""
    return [
        filled(
            {
                "@type": "WebPage",
                "url": address_of(source, "url"),
                "creditText": word_of(source, "attribution") or word_of(source, "source"),
            }
        )
        for source in parts_of(opportunity, "sources")
    ]

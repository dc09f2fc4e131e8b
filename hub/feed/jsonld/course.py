"""Course with the CourseInstance that its dates make (Google's "Course" tables, schema.org/Course)."""

from __future__ import annotations

from typing import Any

from hub.domain.posting import Lang
from hub.feed.jsonld.event import dates_of, offers_of, where
from hub.feed.jsonld.parts import address_of, filled, identifier_of, one_or_all, organisation_of, told_in
from hub.feed.reading import Part, event_of, text_of, title_of, word_of

MODES = {"onsite": "onsite", "online": "online", "mixed": "blended"}
FREE, PAID = "Free", "Paid"


def to_course(opportunity: Part, content: Part, language: Lang) -> dict[str, Any]:
    event = event_of(content)
    return {
        "@type": "Course",
        "name": title_of(content, language),
        "description": text_of(content, language),
        "inLanguage": told_in(content, language),
        "identifier": identifier_of(opportunity),
        "provider": organisation_of(content),
        "offers": one_or_all(_with_category(offer) for offer in offers_of(event)),
        "hasCourseInstance": _instance(content, event),
        "image": address_of(content, "image_url"),
    }


def _instance(content: Part, event: Part) -> dict[str, Any] | None:
    instance = filled(
        {
            "@type": "CourseInstance",
            "courseMode": MODES.get(word_of(event, "attendance_mode")),
            **dates_of(event),
            "location": one_or_all(where(content, event)),
        }
    )
    return instance if len(instance) > 1 else None


def _with_category(offer: dict[str, Any]) -> dict[str, Any]:
    """Google asks for the category of each offer; without a price it is not known."""
    if "price" not in offer:
        return offer
    return {**offer, "category": PAID if offer["price"] else FREE}

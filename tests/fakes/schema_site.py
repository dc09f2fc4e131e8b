"""A site of pages with schema.org markup and a calendar, in invented content."""

from __future__ import annotations

from typing import Any

import orjson

from hub.sdk.testing import Canned, FakeHttp

BASE = "https://www.traineelink.nl"
STAMP = "2026-11-20T10:00:00+01:00"


def job(number: int, **more: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": f"Trainee waterbeheer {number}",
        "description": "<p>Jij werkt met ons aan de dijken van het Noorden.</p>",
        "identifier": {"@type": "PropertyValue", "name": "Traineelink", "value": f"TL-{number}"},
        "url": f"{BASE}/traineeships/job-{number}",
        "datePosted": "2026-11-01",
        "validThrough": "2026-12-31",
        "inLanguage": "nl",
        "hiringOrganization": {
            "@type": "Organization",
            "name": "Waterschap Noordkust",
            "sameAs": "https://www.noordkust.example",
        },
        "employmentType": "FULL_TIME",
        **more,
    }


def markup(*values: Any) -> str:
    return "".join(f'<script type="application/ld+json">{orjson.dumps(value).decode()}</script>' for value in values)


def html(head: str, lang: str = "nl") -> Canned:
    return Canned.html(f'<!doctype html><html lang="{lang}"><head>{head}</head><body><h1>Pagina</h1></body></html>')


def sitemap(*rows: tuple[str, str | None]) -> Canned:
    entries = "".join(
        f"<url><loc>{BASE}{path}</loc>{f'<lastmod>{stamp}</lastmod>' if stamp else ''}</url>" for path, stamp in rows
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Canned(text.encode(), content_type="application/xml")


def calendar(*events: str, head: str = "") -> Canned:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Traineelink//Agenda//NL", *head.splitlines()]
    lines += [line for event in events for line in event.strip().splitlines()]
    return Canned("\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), content_type="text/calendar")


def entry(uid: str = "evt-1@traineelink.example", **properties: str) -> str:
    """A VEVENT; a property's name with `_` for `-`, its value with the parameters in front (`;TZID=…:…`, or `:…`)."""
    stated = {
        "UID": f":{uid}",
        "DTSTAMP": ":20261101T090000Z",
        "DTSTART": ";TZID=Europe/Amsterdam:20261210T190000",
        "DTEND": ";TZID=Europe/Amsterdam:20261210T213000",
        "SUMMARY": ":Trainee-avond",
        "DESCRIPTION": ":Wij praten met de trainees van het Noorden\\, en jij bent er bij.",
        "LOCATION": ":Forum\\, Groningen",
        **{name.replace("_", "-"): value for name, value in properties.items()},
    }
    return "\n".join(["BEGIN:VEVENT", *(f"{name}{value}" for name, value in stated.items() if value), "END:VEVENT"])


class SchemaSite(FakeHttp):
    """Two traineeships, an event, a page about the site, and a calendar of two entries."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, str | None]] = [
            ("/over-ons", STAMP),
            ("/traineeships/job-1", STAMP),
            ("/traineeships/job-2", STAMP),
            ("/events/open-dag", STAMP),
        ]
        meeting = {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": "Open dag",
            "startDate": "2026-12-05T10:00:00+01:00",
            "location": {"@type": "Place", "name": "Forum", "address": {"addressLocality": "Groningen"}},
        }
        self.answers = {
            "/sitemap.xml": lambda _: sitemap(*self.rows),
            "/agenda.ics": calendar(entry(), entry("evt-2@traineelink.example", SUMMARY=":Borrel")),
            "/over-ons": html(markup({"@context": "https://schema.org", "@type": "WebSite", "name": "Traineelink"})),
            "/traineeships/job-1": html(markup(job(1))),
            "/traineeships/job-2": html(markup({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, job(2)]})),
            "/events/open-dag": html(markup([meeting])),
        }

"""A small feed with one of everything that surfaces tell apart: kinds, facets, texts in two languages, closed and merged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fakes.feed_records import FIRST, id_of

from hub.domain.opportunity import Alternative, Facets, Join, Opportunity, OpportunitySource
from hub.domain.posting import Kind

LIVE = id_of(0)
"""A live vacancy of two sources."""
EVENT = id_of(1)
MOVED = id_of(8)
CLOSED = id_of(9)


def records() -> list[Opportunity]:
    return [vacancy(0), event(1), *(vacancy(n) for n in range(2, 8)), *closed()]


def vacancy(number: int) -> Opportunity:
    kinds = (Kind.VACANCY, Kind.TRAINEESHIP, Kind.COURSE, Kind.GRADUATION_INTERNSHIP, Kind.INTERNSHIP, Kind.SIDE_JOB)
    facets = Facets(
        sectors=[("energy", "it_digital", "life_sciences_health")[number % 3]],
        municipalities=["GM0014"],
        regions=["province:PV20"],
        audiences=["city_leaver_1_3", "city_leaver_3_5", "city_leaver_5_10"],
        dutch_required=("yes", "no", "unknown")[number % 3],
        education=["hbo"],
        languages=["nl", "en"],
        sources=["noorderlink", "vonk"],
    )
    content: dict[str, Any] = {
        "title": {"nl": {"text": f"Monteur {number}", "origin": "source"}, "en": {"text": f"Mechanic {number}"}},
        "description": {"nl": {"html": "<p>Werk & meer</p>", "text": "Werk & meer"}},
        "organisation": {"name": "Noorderzorg", "url": "https://noorderzorg.example"},
        "locations": [{"place": "Groningen", "municipality": "GM0014", "province": "PV20", "country": "NL"}],
        "regions": [{"scheme": "province", "code": "PV20"}],
        "hours": {"min": 24, "max": 36},
        "salary": {"min": 2_500, "max": 3_400, "currency": "EUR", "period": "month"},
        "employment_types": ["part_time"],
        "education_levels": ["hbo"],
        "dutch_required": {"value": facets.dutch_required},
        "date_posted": "2026-11-01T08:00:00+00:00",
        "valid_through": "2027-03-01T00:00:00+00:00",
        "canonical_url": f"https://noorderlink.example/vacatures/{number}",
        "apply": {"method": "url", "url": f"https://noorderlink.example/vacatures/{number}/solliciteer"},
        "sectors": [{"code": facets.sectors[0], "score": 1.0, "rule": "test"}],
    }
    return _live(number, kinds[number % len(kinds)], content, facets)


def event(number: int) -> Opportunity:
    start = datetime(2027, 1, 14, 18, 30, tzinfo=UTC)
    facets = Facets(audiences=["international"], dutch_required="no", languages=["en"], sources=["noorderlink", "vonk"])
    content: dict[str, Any] = {
        "title": {"en": {"text": "Meet the region", "origin": "source"}},
        "event": {
            "start": start.isoformat(),
            "end": (start + timedelta(hours=2)).isoformat(),
            "timezone": "Europe/Amsterdam",
            "status": "scheduled",
            "attendance_mode": "onsite",
            "venue": {"name": "Forum", "location": {"place": "Groningen", "country": "NL"}},
        },
        "canonical_url": "https://noorderlink.example/agenda/meet",
    }
    return _live(number, Kind.EVENT, content, facets)


def closed() -> list[Opportunity]:
    facts: dict[str, Any] = {
        "kind": Kind.VACANCY,
        "state": "closed",
        "version": "c",
        "first_published": FIRST,
        "last_changed": FIRST,
        "facets": Facets(sources=["noorderlink"]),
    }
    return [
        Opportunity(id=MOVED, closed_reason="merged", merged_into=LIVE, **facts),
        Opportunity(id=CLOSED, closed_reason="withdrawn", **facts),
    ]


def _live(number: int, kind: Kind, content: dict[str, Any], facets: Facets) -> Opportunity:
    sources = [
        OpportunitySource(
            source_key=f"{source}:{number}",
            source=source,
            url=f"https://{source}.example/{number}",
            first_seen=FIRST,
            attribution=f"by {source}",
        )
        for source in ("noorderlink", "vonk")
    ]
    return Opportunity(
        id=id_of(number),
        kind=kind,
        state="live",
        version=f"v{number}",
        first_published=(datetime(2026, 11, 1, 8, tzinfo=UTC) + timedelta(hours=number)).isoformat(),
        last_changed=FIRST,
        content=content,
        sources=sources,
        field_origins={"title.en": f"noorderlink:{number}"},
        alternatives={"hours": [Alternative(value={"min": 32}, source_key=f"vonk:{number}")]},
        joins=[Join(by="match", first=f"noorderlink:{number}", second=f"vonk:{number}", bits=21.4)],
        facets=facets,
        redirects=[MOVED] if number == 0 else [],
        model="test",
    )

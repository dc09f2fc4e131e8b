"""The sandbox's region as its feed would show it, and beside it what partners should never write but do."""

from __future__ import annotations

from typing import Any

from hub.domain.keys import opportunity_id
from hub.domain.opportunity import Alternative, Facets, Join, Opportunity, OpportunitySource
from hub.domain.posting import Kind
from hub.matching import ClockChange, Engine, PostingChange
from ops.match_report.sandboxworld import sandbox_world
from ops.match_report.stored import with_features

FIRST = "2026-11-20T08:00:00.000Z"
HOSTILE_TITLE = "<img src=x onerror=\"document.title='taken'\"> & </script><script>document.title='taken'</script>"
LONG_TITLE = "Senioradviseur " + "grondwaterbeschermingsgebiedenbeheerplancoördinatie " * 6
OWNER_PAGE = "https://werkgever.example/vacatures/1?van=hub&taal=nl"


def region(postings: int = 160, seed: int = 7) -> list[Opportunity]:
    """Opportunities of about `postings` postings; equal arguments, equal opportunities. Not to be called from an event loop."""
    corpus = sandbox_world(postings, seed)
    engine = Engine(corpus.platform_hosts)
    return engine.apply([ClockChange(corpus.clock), *(PostingChange(one.key, with_features(one.value)) for one in corpus.listed)])


def shown(name: str, content: dict[str, Any], *, kind: Kind = Kind.VACANCY, **fields: Any) -> Opportunity:
    """A live opportunity with this content."""
    key = f"noorderlink:{name}"
    sources = [
        OpportunitySource(source_key=key, source="noorderlink", url=f"https://noorderlink.example/{name}", first_seen=FIRST)
    ]
    given = {"sources": sources, "facets": Facets(sources=["noorderlink"]), **fields}
    return Opportunity(
        id=opportunity_id(key),
        kind=kind,
        state="live",
        version=f"v-{name}",
        first_published=FIRST,
        last_changed=FIRST,
        content=content,
        **given,
    )


def hostile() -> Opportunity:
    """Markup in every text, scripts in the description, an address that is none."""
    return shown(
        "hostile",
        {
            "title": {"nl": {"text": HOSTILE_TITLE}},
            "description": {
                "nl": {"html": f'<p onclick="x()">Tekst</p>{HOSTILE_TITLE}<a href="javascript:x()">hier</a>', "text": "Tekst"}
            },
            "organisation": {"name": "<b>Vet & Zoon</b>", "url": "javascript:alert(1)"},
            "locations": [{"place": "<i>Assen</i>"}],
            "canonical_url": "javascript:alert(1)",
            "reference_number": '"><svg onload=alert(1)>',
        },
    )


def bare() -> Opportunity:
    """Nothing but an id and a source."""
    return shown("bare", {})


def long_titled() -> Opportunity:
    return shown("long", {"title": {"nl": {"text": LONG_TITLE}}, "organisation": {"name": "Waterschap " + "Hunzeenaas" * 9}})


def joined() -> Opportunity:
    """Three platforms, two joins, and four fields in which they disagree."""
    keys = ("noorderlink:joined", "miitn:joined", "vonk:joined")
    sources = [
        OpportunitySource(
            source_key=key,
            source=key.partition(":")[0],
            url=f"https://{key.replace(':', '.example/')}",
            first_seen=FIRST,
            attribution=f"{key.partition(':')[0].title()}, {key.partition(':')[0]}.example",
        )
        for key in keys
    ]
    return shown(
        "joined",
        {
            "title": {"nl": {"text": "Adviseur energietransitie"}, "en": {"text": "Energy transition adviser"}},
            "description": {
                "nl": {
                    "html": "<h3>Wat ga je doen?</h3><p>Je adviseert <strong>dorpen</strong>.</p>",
                    "text": "Je adviseert dorpen.",
                }
            },
            "ad_language": "nl",
            "organisation": {"name": "Provincie Drenthe", "url": "https://drenthe.example"},
            "locations": [
                {"place": "Assen", "municipality": "GM0106", "municipality_name": "Assen", "province": "Drenthe", "country": "NL"}
            ],
            "hours": {"min": 32, "max": 36},
            "salary": {"min": 3500, "max": 4850.5, "currency": "EUR", "period": "month", "scale": "10", "cao": "CAO Provincies"},
            "dutch_required": {"value": "yes"},
            "education_levels": ["hbo", "wo"],
            "experience": {"min_months": 12, "max_months": 36},
            "valid_through": "2026-12-03T23:59:59+01:00",
            "date_posted": "2026-11-12T08:00:00+01:00",
            "canonical_url": OWNER_PAGE,
            "flags": [{"code": "closing_dates_differ"}],
        },
        sources=sources,
        joins=[
            Join(by="match", first=keys[0], second=keys[1], bits=17.3),
            Join(by="operator", first=keys[0], second=keys[2]),
        ],
        alternatives={
            "valid_through": [Alternative(value="2026-12-10", source_key=keys[1])],
            "hours": [Alternative(value={"min": 36}, source_key=keys[2])],
            "salary": [Alternative(value={"min": 3400, "period": "month", "currency": "EUR"}, source_key=keys[1])],
            "locations": [Alternative(value=[{"place": "Groningen"}], source_key=keys[2])],
        },
        facets=Facets(
            sectors=["energy"],
            municipalities=["GM0106"],
            regions=["province:PV22"],
            dutch_required="yes",
            education=["hbo", "wo"],
            languages=["en", "nl"],
            audiences=["city_leaver_1_3"],
            sources=["miitn", "noorderlink", "vonk"],
        ),
    )


def event(name: str = "event", **about: Any) -> Opportunity:
    return shown(
        name,
        {
            "title": {"en": {"text": "Northern Career Fair"}},
            "organisation": {"name": "Aardappelgoud Starch"},
            "canonical_url": "https://beurs.example/",
            "event": {
                "start": "2027-02-23T09:00:00+01:00",
                "end": "2027-02-23T13:00:00+01:00",
                "timezone": "Europe/Amsterdam",
                "attendance_mode": "mixed",
                "venue": {"name": "Station 3.0", "location": {"place": "Veendam", "street": "Hereplein 1"}},
                "prices": [{"audience": "Studenten", "amount": 0}, {"amount": 12.5, "currency": "EUR"}],
                **about,
            },
        },
        kind=Kind.EVENT,
        facets=Facets(languages=["en"], sources=["noorderlink"], dutch_required="no"),
    )


def traineeship() -> Opportunity:
    return shown(
        "trainee",
        {
            "title": {"nl": {"text": "Traineeship Duurzaam Noorden"}},
            "traineeship": {
                "duration_months": 24,
                "cohort_start": "2027-03-01",
                "intake_deadline": "2027-01-15",
                "placements": [{"organisation": "Gemeente Emmen", "role": "projectleider", "months": 8}],
                "training_days": "elke vrijdag",
                "job_guarantee": True,
            },
        },
        kind=Kind.TRAINEESHIP,
        facets=Facets(languages=["nl"], sources=["noorderlink"]),
    )


def closed(name: str = "closed", **fields: Any) -> Opportunity:
    given = {"closed_reason": "filled", **fields}
    return shown(name, {}).model_copy(update={"state": "closed", "content": None, "sources": [], **given})


def merged(into: str) -> Opportunity:
    """A closed one whose postings are shown under `into` now."""
    return closed("merged", closed_reason="merged", merged_into=into)


def link_only() -> Opportunity:
    """Of a source that grants a link and nothing more."""
    return shown("link-only", {"title": {"nl": {"text": "Alleen een link"}}, "canonical_url": "https://eigenaar.example/1"})


def at_first(item: Opportunity, minutes: int) -> Opportunity:
    """Published so many minutes before the others, from the oldest on."""
    return item.model_copy(update={"first_published": f"2026-11-19T{minutes // 60:02d}:{minutes % 60:02d}:00.000Z"})

"""Sectors, audiences, flags, expiry, ghosts, and what enrichment leaves alone."""

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hub.domain.posting import (
    Apply,
    Contact,
    Derived,
    Description,
    EnrichedPosting,
    Event,
    Experience,
    Kind,
    Location,
    Organisation,
    Placement,
    Posting,
    RichText,
    Status,
    Text,
    Title,
    Traineeship,
    Venue,
)
from hub.enrich import MODEL, enrich, to_bare, to_ghost

SECTORS = [
    ("Verpleegkundige Interne Geneeskunde", "Zorg voor patiënten in ons ziekenhuis.", "life_sciences_health"),
    ("Software developer", "You build backend services in Python and Kubernetes.", "it_digital"),
    ("Projectleider energietransitie", "Je werkt aan het elektriciteitsnet en aan waterstof.", "energy"),
    ("Beleidsadviseur wonen", "Je adviseert het bestuur van de gemeente over beleid.", "public_sector"),
    ("Werktuigbouwkundig engineer", "Onderhoud van machines en installaties in de fabriek.", "engineering_industry"),
    ("Medewerker melkveehouderij", "Werken met dieren op een boerderij in de landbouw.", "agri_food"),
    ("Financial controller", "Je bent verantwoordelijk voor de boekhouding en audit.", "finance_business"),
    ("Docent biologie", "Je geeft onderwijs aan leerlingen van onze school.", "education_research"),
    ("Specialist windturbines", "", "energy"),
    ("Kok", "", "finance_business"),
    ("Pedagogisch medewerker kinderopvang", "", "education_research"),
    ("Vrachtwagenchauffeur", "Transport en distributie vanuit ons magazijn.", "logistics_mobility"),
]


def posting(title: str = "", text: str = "", **fields: Any) -> Posting:
    return Posting(
        title=Title(nl=Text(text=title)) if title else Title(),
        description=Description(nl=RichText(html=text, text=text)) if text else Description(),
        **fields,
    )


def codes(derived: list[Derived]) -> list[str]:
    return [item.code for item in derived]


@pytest.mark.parametrize(("title", "text", "sector"), SECTORS)
def test_words_of_title_and_text_name_the_sector(title: str, text: str, sector: str) -> None:
    best = enrich(posting(title, text)).sectors[0]
    assert (best.code, best.rule) == (sector, f"sectors.keyword.{sector}")
    assert best.evidence


def test_the_employer_and_the_sources_own_field_name_the_sector() -> None:
    by_employer = enrich(posting("Medewerker", organisation=Organisation(name="Gemeente Groningen"))).sectors[0]
    assert (by_employer.code, by_employer.rule, by_employer.evidence) == (
        "public_sector",
        "sectors.employer",
        "Gemeente Groningen",
    )
    by_field = enrich(posting("Medewerker", functions=["Logistiek / Transport"])).sectors[0]
    assert (by_field.code, by_field.rule) == ("logistics_mobility", "sectors.field")


def test_nothing_found_is_other_and_says_so() -> None:
    assert [(item.code, item.rule) for item in enrich(posting("Medewerker")).sectors] == [("other", "sectors.none")]


@pytest.mark.parametrize(
    ("fields", "audiences"),
    [
        ({"kind": Kind.INTERNSHIP}, ["student"]),
        ({"kind": Kind.GRADUATION_INTERNSHIP}, ["student"]),
        ({"kind": Kind.SIDE_JOB}, ["student"]),
        ({"kind": Kind.TRAINEESHIP}, ["graduate"]),
        ({"title": "Junior adviseur"}, ["graduate"]),
        ({"text": "Recently graduated? Apply now."}, ["graduate"]),
        ({"text": "Dutch is not required."}, ["international"]),
        ({"sponsorship": True}, ["international"]),
        ({"text": "We offer relocation and visa sponsorship."}, ["international"]),
        ({"experience": Experience(min_months=12, max_months=36)}, ["city_leaver_1_3"]),
        ({"experience": Experience(min_months=36, max_months=60)}, ["city_leaver_3_5"]),
        ({"text": "Minimaal 5 jaar ervaring."}, ["city_leaver_5_10"]),
        ({"text": "2 jaar werkervaring."}, ["city_leaver_1_3", "city_leaver_3_5"]),
        ({"title": "Senior adviseur"}, ["city_leaver_5_10"]),
        ({"text": "5 jaar ervaring.", "education_levels": ["mbo2"]}, []),
        ({"text": "Een gewone baan."}, []),
        ({"text": "Je organiseert evenementen voor expats."}, []),
        ({"text": "You support international students at our university."}, []),
        ({"text": "Je begeleidt afstudeeropdrachten van studenten."}, []),
        ({"text": "Stagiair marketing gezocht."}, ["student"]),
        ({"text": "Een internationaal bedrijf. Goede beheersing van de Nederlandse taal. International students work here."}, []),
    ],
)
def test_audiences_follow_kind_experience_and_words(fields: dict[str, Any], audiences: list[str]) -> None:
    found = enrich(posting(**fields)).audiences
    assert codes(found) == audiences
    assert all(item.rule.startswith("audiences.") for item in found)


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"consortium": [Organisation(name="Provincie Groningen"), Organisation(name="Gemeente Groningen")]}, ["multi_employer"]),
        (
            {
                "kind": Kind.TRAINEESHIP,
                "traineeship": Traineeship(placements=[Placement(organisation="A"), Placement(organisation="B")]),
            },
            ["multi_employer", "starter_friendly"],
        ),
        (
            {"kind": Kind.TRAINEESHIP, "text": "Drie opdrachten bij verschillende organisaties."},
            ["multi_employer", "starter_friendly"],
        ),
        ({"text": "Deze functie is geschikt voor starters."}, ["starter_friendly"]),
        ({"text": "Geen startersfunctie."}, []),
        ({"text": "Wij begeleiden starters op de woningmarkt."}, []),
        ({"text": "You help recently graduated students."}, []),
        ({"text": "Zonder ervaring in de zorg kun je niet reageren."}, []),
        ({"text": "Interne kandidaten hebben bij gelijke geschiktheid voorrang."}, ["internal_first"]),
        ({"text": "Internal candidates are given priority."}, ["internal_first"]),
    ],
)
def test_flags_have_words_behind_them(fields: dict[str, Any], flags: list[str]) -> None:
    found = enrich(posting(**fields)).flags
    assert codes(found) == flags
    assert all(item.evidence for item in found)


def millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"valid_through": datetime(2027, 1, 15, 11, 30, tzinfo=UTC)}, millis("2027-01-15T11:30:00+00:00")),
        ({"valid_through": datetime(2027, 1, 15, tzinfo=UTC)}, millis("2027-01-15T23:59:59.999+01:00")),
        ({"valid_through": datetime.fromisoformat("2027-07-15T00:00:00+02:00")}, millis("2027-07-15T23:59:59.999+02:00")),
        (
            {"valid_through": datetime(2027, 3, 1, tzinfo=UTC), "apply": Apply(deadline=datetime(2027, 2, 1, 12, tzinfo=UTC))},
            millis("2027-02-01T12:00:00+00:00"),
        ),
        ({"traineeship": Traineeship(intake_deadline=date(2027, 6, 1))}, millis("2027-06-01T23:59:59.999+02:00")),
        (
            {
                "kind": Kind.EVENT,
                "event": Event(start=datetime(2027, 6, 1, 9, tzinfo=UTC), end=datetime(2027, 6, 1, 15, tzinfo=UTC)),
                "valid_through": datetime(2026, 1, 1, tzinfo=UTC),
            },
            millis("2027-06-01T15:00:00+00:00"),
        ),
        (
            {"kind": Kind.EVENT, "event": Event(start=datetime(2027, 6, 1, 9, tzinfo=UTC))},
            millis("2027-06-01T23:59:59.999+02:00"),
        ),
        (
            {
                "kind": Kind.EVENT,
                "event": Event(
                    start=datetime.fromisoformat("2027-06-01T00:00:00+02:00"),
                    end=datetime.fromisoformat("2027-06-03T00:00:00+02:00"),
                    all_day=True,
                ),
            },
            millis("2027-06-02T23:59:59.999+02:00"),
        ),
    ],
)
def test_the_earliest_closing_moment_counts_and_a_date_counts_to_its_end(fields: dict[str, Any], expected: int | None) -> None:
    assert enrich(Posting(**fields)).expires_at == expected


def test_an_events_venue_is_located_and_gives_the_place() -> None:
    event = Event(start=datetime(2027, 6, 1, 9, tzinfo=UTC), venue=Venue(name="Forum", location=Location(place="Groningen")))
    found = enrich(Posting(kind=Kind.EVENT, event=event))
    assert found.event is not None
    assert found.event.venue is not None
    assert found.event.venue.location is not None
    assert found.event.venue.location.municipality == "GM0014"
    assert found.locations[0].municipality == "GM0014"


FULL = posting(
    "Verpleegkundige",
    "<p>Zorg voor patiënten, 32-36 uur per week, € 2.911 - € 4.332 per maand, hbo-diploma, 2 jaar ervaring.</p>",
    source="noorderlink",
    source_key="noorderlink:1",
    seq=7,
    first_seen=5,
    organisation=Organisation(name="Ziekenhuis Noord", description="Groot.", logo_url="https://z.example/logo.png"),
    locations=[Location(place="Assen")],
    apply=Apply(url="https://z.example/apply"),
    contact=Contact(name="A B"),
    image_url="https://z.example/image.png",
    event=Event(start=datetime(2027, 6, 1, 9, tzinfo=UTC), status_reason="because"),
    consortium=[Organisation(name="Other", description="words")],
)


def test_an_enriched_posting_survives_the_wire() -> None:
    found = enrich(FULL)
    assert EnrichedPosting.model_validate_json(found.to_bytes()) == found


def test_a_ghost_keeps_identity_and_codes_and_no_text() -> None:
    enriched = enrich(FULL)
    ghost = to_ghost(enriched)
    wire = ghost.to_bytes().decode()
    assert (ghost.source_key, ghost.seq, ghost.first_seen, ghost.kind) == ("noorderlink:1", 7, 5, Kind.VACANCY)
    assert (ghost.sectors, ghost.locations, ghost.regions, ghost.expires_at) == (
        enriched.sectors,
        enriched.locations,
        enriched.regions,
        enriched.expires_at,
    )
    assert ghost.organisation == Organisation(name="Ziekenhuis Noord")
    assert ghost.event is not None
    assert ghost.event.start == datetime(2027, 6, 1, 9, tzinfo=UTC)
    assert (ghost.title, ghost.description, ghost.contact, ghost.apply, ghost.image_url) == (
        Title(),
        Description(),
        None,
        None,
        None,
    )
    for gone in ("patiënten", "Groot.", "because", "words", "€"):
        assert gone not in wire
    assert EnrichedPosting.model_validate_json(wire) == ghost
    assert to_ghost(ghost) == ghost


def test_a_bare_record_keeps_that_there_was_a_posting() -> None:
    bare = to_bare(FULL.model_copy(update={"status": Status.ERASED}))
    assert bare == EnrichedPosting(status=Status.ERASED, source="noorderlink", source_key="noorderlink:1", seq=7, first_seen=5)


def test_enriching_is_the_same_under_every_hash_seed() -> None:
    program = """
from hub.domain.posting import *
from hub.enrich import MODEL, enrich
text = "Software voor energie en zorg; docent, logistiek, gemeente, data, bank. Dutch is not required. 2 jaar ervaring."
posting = Posting(
    title=Title(nl=Text(text="Engineer energie data")),
    description=Description(nl=RichText(html=text, text=text)),
    locations=[Location(place="Assen")],
)
print(MODEL, enrich(posting).to_bytes().decode())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "42")
    }
    assert len(outputs) == 1
    assert outputs.pop().startswith(MODEL)

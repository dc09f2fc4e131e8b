"""The closing day that stands in the text alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.domain.posting import Description, Event, Kind, Posting, RichText, Text, Title
from hub.domain.zone import REGION_ZONE
from hub.enrich import enrich

POSTED = datetime(2026, 11, 20, 9, tzinfo=UTC)
SAID = [
    ("Reageer vóór 12 december.", "2026-12-12"),
    ("Reageer dan voor maandag 14 december 2026 via de knop.", "2026-12-14"),
    ("Solliciteren kan tot en met 3 januari.", "2027-01-03"),
    ("Je kunt solliciteren t/m 3-1-2027.", "2027-01-03"),
    ("Stuur je motivatiebrief en cv uiterlijk 6 december 2026 naar ons.", "2026-12-06"),
    ("Je sollicitatie ontvangen we graag uiterlijk op zondag 6 december.", "2026-12-06"),
    ("Sluitingsdatum: 15 januari 2027", "2027-01-15"),
    ("De sluitingsdatum is 15 januari 2027; de gesprekken zijn in de week daarna.", "2027-01-15"),
    ("Deadline voor reacties: 1 december", "2026-12-01"),
    ("De vacature sluit op 9 december 2026.", "2026-12-09"),
    ("Je reageert niet met een brief. Reageer vóór 2026-12-31.", "2026-12-31"),
    ("You can apply until 29 November 2026.", "2026-11-29"),
    ("Apply before 15 January.", "2027-01-15"),
    ("Please send your application no later than December 12, 2026.", "2026-12-12"),
    ("Closing date: 12th of December 2026", "2026-12-12"),
    ("Application deadline: 1 December 2026, 23:59", "2026-12-01"),
    ("Applications close on 11 December.", "2026-12-11"),
]
NOT_SAID = [
    "We starten op 1 februari 2027.",
    "De eerste gesprekken zijn op 12 december.",
    "Solliciteer nu! De gesprekken vinden plaats tot 12 december.",
    "Reageer snel, want de selectie is voor 12 december klaar.",
    "Interne kandidaten reageren vóór 1 december, anderen vóór 8 december.",
    "Solliciteer voor 1 december. Sluitingsdatum: 8 december.",
    "Reageer bij voorkeur vóór 1 december, de vacature blijft open.",
    "Reageer vóór 12 december 2025.",
    "Reageer vóór 31 november.",
    "Reageer vóór 12 oktober.",
    "Je werkt met deadlines: op 12 december gaan we live.",
    "Apply now: on 12 December we host an open day.",
    "Je contract loopt tot 31 december 2026 met kans op verlenging.",
    "De winkel sluit op 24 december om 17:00 uur.",
    "Reageer vóór 12:00 uur op onze site.",
]


def advertisement(text: str, **fields: object) -> Posting:
    values: dict[str, Any] = {
        "kind": Kind.VACANCY,
        "title": Title(nl=Text(text="Medewerker")),
        "description": Description(nl=RichText(html=f"<p>{text}</p>", text=text)),
        "date_posted": POSTED,
        **fields,
    }
    return Posting(**values)


@pytest.mark.parametrize(("text", "day"), SAID)
def test_a_closing_day_is_read_from_a_plain_sentence_and_closes_at_its_end(text: str, day: str) -> None:
    found = enrich(advertisement(text))
    assert found.valid_through is not None
    assert found.valid_through.isoformat()[:16] == f"{day}T00:00"
    assert found.expires_at is not None
    assert f"{datetime.fromtimestamp(found.expires_at / 1000, REGION_ZONE):%Y-%m-%d %H:%M}" == f"{day} 23:59"
    assert found.field_origins["valid_through"] == "closing.text"


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_day_of_something_else_or_in_doubt_closes_nothing(text: str) -> None:
    found = enrich(advertisement(text))
    assert (found.valid_through, found.expires_at) == (None, None)


def test_what_the_source_states_stands_and_an_event_closes_with_its_end() -> None:
    stated = datetime(2026, 12, 24, tzinfo=REGION_ZONE)
    assert enrich(advertisement("Reageer vóór 12 december.", valid_through=stated)).valid_through == stated
    evening = Event(start=datetime(2026, 12, 20, 19, tzinfo=REGION_ZONE))
    assert enrich(advertisement("Apply before 12 December.", kind=Kind.EVENT, event=evening)).valid_through is None


def test_without_a_day_of_publication_the_first_sight_counts() -> None:
    seen = advertisement("Reageer vóór 3 januari.").model_copy(
        update={"date_posted": None, "first_seen": int(POSTED.timestamp() * 1000)}
    )
    assert str(enrich(seen).valid_through) == "2027-01-03 00:00:00+01:00"

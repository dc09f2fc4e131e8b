"""What a pair of events says by when it starts and where it is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.postings import posting

from hub.domain.posting import Description, EnrichedPosting, Event, Kind, Location, Organisation, RichText, Venue
from hub.matching import Engine, PostingChange, default_model, features_of
from hub.matching.blocking import block_keys
from hub.matching.entry import Entry
from hub.matching.gatherings import start, venue
from hub.matching.levels import municipality, said_beside, title_pair
from hub.matching.reading import to_entry
from hub.matching.version import read_version

EVENING = datetime(2027, 3, 4, 18, 30, tzinfo=UTC)
MIDNIGHT = datetime(2027, 3, 3, 23, tzinfo=UTC)
"""Of the fourth, in the Netherlands."""
MEPPEL = Location(place="Meppel", municipality="GM0119", municipality_name="Meppel")
SNEEK = Location(place="Sneek", municipality="GM1900", municipality_name="Súdwest-Fryslân")


def meeting(key: str, hall: str | None = None, at: Location | None = None, text: str = "", **fields: Any) -> EnrichedPosting:
    values = {name: fields.pop(name) for name in (*Event.model_fields,) if name in fields}
    place = Venue(name=hall, location=at) if hall or at else None
    return posting(
        key,
        kind=Kind.EVENT,
        event=Event(**{"start": EVENING, "venue": place, **values}),
        description=Description(nl=RichText(html="", text=text)) if text else Description(),
        **fields,
    )


def entry(key: str, *words: Any, **fields: Any) -> Entry:
    return to_entry(read_version(key, meeting(key, *words, **fields).to_bytes()), default_model())


@pytest.mark.parametrize(
    ("hall", "other", "level"),
    [
        ("Bibliotheek Oosterhaar", "Library Oosterhaar", "same"),
        ("Town Hall", "Stadhuis", "same"),
        ("De Nieuwe Kolk, zaal 2", "De Nieuwe Kolk", "same"),
        ("Sporthal Olympia", "Theater Odeon", "different"),
        ("Café Het Anker, zaal A", "Café Het Anker, zaal B", "different"),
    ],
)
def test_a_hall_is_the_same_in_both_languages_and_without_its_room(hall: str, other: str, level: str) -> None:
    a, b = entry("a:1", hall), entry("b:1", other)
    assert (venue(a, b), venue(b, a)) == (level, level)


def test_a_hall_that_the_other_text_names_may_be_the_former_one() -> None:
    moved = entry("a:1", "Theater Odeon", text="De avond is verhuisd van het Olympia naar het Odeon, tot dan.")
    assert venue(moved, entry("b:1", "Sporthal Olympia")) == "missing"


def test_what_is_held_online_alone_is_not_held_in_a_hall() -> None:
    online, hall = entry("a:1", attendance_mode="online"), entry("b:1", "Theater Odeon")
    assert (venue(online, hall), venue(hall, online)) == ("different", "different")
    assert venue(entry("c:1", attendance_mode="mixed"), hall) == "missing"


@pytest.mark.parametrize(
    ("starts", "level"),
    [
        (MIDNIGHT, "day"),
        (MIDNIGHT + timedelta(hours=1), "day"),
        (MIDNIGHT - timedelta(days=1), "other_day"),
        (MIDNIGHT + timedelta(days=1), "other_day"),
    ],
)
def test_an_evening_is_part_of_its_own_whole_day_alone(starts: datetime, level: str) -> None:
    whole, evening = entry("a:1", start=starts, all_day=True), entry("b:1")
    assert (start(whole, evening), start(evening, whole)) == (level, level)


def test_an_event_is_held_where_its_venue_is_and_not_where_its_organiser_is() -> None:
    a = entry("a:1", "De Bron", MEPPEL, locations=[MEPPEL])
    b = entry("b:1", "Amicitia", SNEEK, locations=[MEPPEL])
    assert municipality(a, b) == "different"


def test_a_whole_day_and_its_hours_meet_in_a_block() -> None:
    whole, evening = entry("a:1", start=MIDNIGHT, all_day=True, at=MEPPEL), entry("b:1", at=MEPPEL)
    assert {"day"} == {key.partition("|")[0] for key in set(block_keys(whole)) & set(block_keys(evening))} - {"event"}


def test_an_event_that_was_moved_meets_the_announcement_of_its_former_day() -> None:
    former = EVENING - timedelta(days=9)
    moved = entry("a:1", at=MEPPEL, title="Open werf", previous_starts=[former])
    announced = entry("b:1", at=SNEEK, title="Kijkavond", start=former)
    assert set(block_keys(moved)) & set(block_keys(announced))
    assert start(moved, announced) == "moved"


def test_what_an_event_is_about_is_no_level_and_no_department() -> None:
    a, b = entry("a:1", title="Open avond voor leerlingen, afdeling cardiologie"), entry("b:1", title="Open avond")
    pair = title_pair(a, b)
    assert pair is not None
    assert set(said_beside(*pair, frozenset(), frozenset()).values()) == {"none"}


@pytest.mark.parametrize(("kind", "level"), [(Kind.TRAINEESHIP, "none"), (Kind.VACANCY, "other")])
def test_what_both_are_by_their_kind_need_not_stand_in_both_titles(kind: Kind, level: str) -> None:
    a, b = (
        to_entry(read_version(key, posting(key, kind=kind, title=title).to_bytes()), default_model())
        for key, title in (("a:1", "Trainee duurzame mobiliteit"), ("b:1", "Duurzame mobiliteit in twee jaar"))
    )
    pair = title_pair(a, b)
    assert pair is not None
    assert said_beside(*pair, frozenset(), frozenset())["level"] == level


def test_the_page_to_register_at_names_the_event() -> None:
    page = "https://aanmelden.werkplein.example/avond/48213"
    assert features_of(meeting("a:1", registration_url=page)).job_keys == ["aanmelden.werkplein.example/avond/48213"]


@pytest.mark.parametrize(
    ("drift", "same"), [({"start": EVENING + timedelta(minutes=15)}, True), ({"start": EVENING - timedelta(hours=5)}, False)]
)
def test_one_hall_at_one_time_is_one_event_under_any_name(drift: dict[str, Any], same: bool) -> None:
    names = {"organisation": Organisation(name="Kunstschool Meppel"), "at": MEPPEL, "locations": [MEPPEL]}
    text = "Vanaf 18.30 uur inloop, 22 makers, 3 zalen, entree 7 euro. Kaarten bij Theater Odeon."
    show = meeting("a:1", "Theater Odeon", title="Graduation show", text=text, **names)
    other = meeting(
        "b:1",
        "Odeon",
        title="Eindexpositie",
        text="Doors open at 18.30: 22 makers show their games in 3 halls of Theater Odeon, tickets 7 euro.",
        **{**names, **drift},
    )
    engine = Engine()
    engine.load([PostingChange(one.source_key, one.to_bytes()) for one in (show, other)])
    told = engine.explain.why_not("a:1", "b:1")
    assert told["same"] is same
    assert same or told["because"]

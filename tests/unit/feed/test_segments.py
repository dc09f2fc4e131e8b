"""Segments: what ships, what a configuration makes of it, and what a change of definition changes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from hub.errors import ConfigError
from hub.feed.segments import day_of, load_segments, require_sources
from hub.settings import SegmentSettings, Settings, load_settings
from hub.store.feed_identity import load_segment_bases

SHIPPED = {
    "city-leavers-1-3": "audience:city_leaver_1_3",
    "city-leavers-3-5": "audience:city_leaver_3_5",
    "city-leavers-5-10": "audience:city_leaver_5_10",
    "internationals": "dutch_required:no",
    "starters": "kind:graduation_internship|kind:traineeship",
    "it": "sector:it_digital",
    "energy": "sector:energy",
    "life-sciences-health": "sector:life_sciences_health",
}


def loaded(**segments):
    return load_segments(Settings(segments={name: SegmentSettings(**row) for name, row in segments.items()}))


def test_those_that_ship_ask_for_what_the_region_asked_for():
    assert {segment.name: segment.filter.key for segment in load_segments(Settings())} == SHIPPED


def test_those_that_ship_have_a_title_and_a_sentence_in_both_languages():
    for segment in load_segments(Settings()):
        texts = [*segment.titles.values(), *segment.descriptions.values()]
        assert all(texts)
        assert len(set(texts)) == 4


def test_a_configured_key_takes_the_place_of_the_shipped_one_alone():
    before, after = load_segments(Settings()).find("energy"), loaded(energy={"title_nl": "Stroom"}).find("energy")
    assert (after.titles["nl"], after.titles["en"]) == ("Stroom", before.titles["en"])
    assert (after.filter, after.definition) == (before.filter, before.definition)


def test_another_filter_is_another_definition():
    before, after = load_segments(Settings()).find("energy"), loaded(energy={"kind": ["event"]}).find("energy")
    assert after.filter.key == "kind:event&sector:energy"
    assert after.definition != before.definition


def test_a_segment_can_be_switched_off_and_another_added():
    segments = loaded(energy={"enabled": False}, oldambt={"municipality": ["GM1895"], "title_en": "Oldambt"})
    assert segments.find("energy") is None
    assert segments.find("oldambt").titles == {"nl": "Oldambt", "en": "Oldambt"}


def test_the_environment_which_knows_no_hyphens_reaches_those_that_ship():
    settings = load_settings(environ={"HUB_SEGMENTS__CITY_LEAVERS_1_3__ENABLED": "false"})
    assert {segment.name for segment in load_segments(settings)} == SHIPPED.keys() - {"city-leavers-1-3"}


@pytest.mark.parametrize("name", ["Energy", "a b", "énergie", "-a", "a" * 65])
def test_a_name_that_no_address_can_hold_is_refused(name):
    with pytest.raises(ConfigError, match="small letters, digits and hyphens"):
        loaded(**{name: {"kind": ["event"]}})


def test_it_is_offered_from_its_first_day_to_the_end_of_its_last():
    segments = loaded(fair={"kind": ["event"], "valid_from": date(2026, 3, 1), "valid_until": date(2026, 3, 2)})
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
    fair = segments.find("fair")
    assert [fair.is_valid_on(day) for day in days] == [False, True, True, False]
    assert [fair in segments.valid_on(day) for day in days] == [False, True, True, False]
    assert (fair.is_future_on(days[0]), fair.is_past_on(days[3])) == (True, True)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-02-28T22:59:59Z", date(2026, 2, 28)),
        ("2026-02-28T23:00:00Z", date(2026, 3, 1)),
        ("2026-06-30T22:00:00Z", date(2026, 7, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_the_region(moment, day):
    assert day_of(int(datetime.fromisoformat(moment).timestamp() * 1_000)) == day


def test_a_segment_that_asks_for_nothing_is_refused():
    with pytest.raises(ConfigError, match=r"segments\.all has no filter"):
        loaded(all={"title_nl": "Alles"})


def test_a_segment_that_ends_before_it_begins_is_refused():
    with pytest.raises(ConfigError, match="before it begins"):
        loaded(fair={"kind": ["event"], "valid_from": date(2026, 3, 2), "valid_until": date(2026, 3, 1)})


@pytest.mark.parametrize("field", ["source", "exclude_source"])
def test_a_source_that_is_not_there_is_refused_at_start(field):
    settings = Settings(segments={"ours": SegmentSettings(**{field: ("vonk", "vnok")})})
    with pytest.raises(ConfigError, match=r"segments\.ours: there is no source vnok; there are miitn, vonk"):
        require_sources(settings, {"vonk", "miitn"})
    require_sources(settings, {"vonk", "vnok"})


def test_what_excludes_a_source_asks_for_something():
    assert loaded(others={"exclude_source": ["vonk"]}).find("others").filter.key == "!vonk"


def test_a_base_that_is_not_known_is_zero():
    segments = load_segments(Settings()).with_bases({"energy": 7})
    assert (segments.base_of("energy"), segments.base_of("it")) == (7, 0)


async def test_a_base_stays_while_the_definition_does_and_is_now_when_it_changes(hub_db):
    with time_machine.travel("2026-11-01T00:00:00Z", tick=False):
        first = await load_segment_bases(hub_db, {"energy": "a", "it": "b"})
    with time_machine.travel("2026-11-02T00:00:00Z", tick=False):
        second = await load_segment_bases(hub_db, {"energy": "a", "it": "other", "new": "c"})
    with time_machine.travel("2026-11-03T00:00:00Z", tick=False):
        third = await load_segment_bases(hub_db, {"energy": "a", "it": "other", "new": "c"})
    assert second["energy"] == first["energy"]
    assert second["it"] == second["new"] == first["it"] + 86_400_000
    assert third == second


async def test_a_definition_that_comes_back_is_another_one_to_readers(hub_db):
    bases = []
    for day, definition in enumerate(["a", "b", "a"], 1):
        with time_machine.travel(f"2026-11-0{day}T00:00:00Z", tick=False):
            bases.append((await load_segment_bases(hub_db, {"energy": definition}))["energy"])
    assert bases == sorted(set(bases))

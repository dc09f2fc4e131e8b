"""The region: one seed is one world, on every machine; its size, its mix and its truth."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

import orjson
import pytest

from hub.domain.keys import opportunity_id
from hub.sandbox.truth import truth_of, write_truth
from hub.sandbox.world import SOURCES, World, advance
from hub.sandbox.world.employers import EMPLOYERS
from hub.sandbox.world.places import PLACES

BASE = date(2026, 11, 20)


def built(seed: int = 2026, records: int = 900, steps: int = 0) -> World:
    world = World.build(seed, BASE, records)
    for _ in range(steps):
        advance(world)
    return world


def bytes_of(world: World) -> bytes:
    listings = [
        (item.key, item.title, item.html, item.apply_url, item.state, str(item.modified))
        for s in SOURCES
        for item in world.all(s)
    ]
    return orjson.dumps([truth_of(world), listings])


PROGRAM = """
import hashlib, sys
from datetime import date
import orjson
from hub.sandbox.truth import truth_of
from hub.sandbox.world import SOURCES, World, advance
world = World.build(7, date(2026, 11, 20), 300)
for _ in range(40):
    advance(world)
texts = [(item.key, item.title, item.html, item.apply_url, str(item.modified)) for s in SOURCES for item in world.all(s)]
print(hashlib.sha256(orjson.dumps([truth_of(world), texts])).hexdigest())
"""


def test_a_seed_gives_one_world_under_every_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


def test_another_seed_gives_another_world() -> None:
    assert bytes_of(built(seed=1, records=200)) != bytes_of(built(seed=2, records=200))


def test_equal_steps_give_equal_worlds_whatever_was_asked_in_between() -> None:
    first, second = built(records=300), built(records=300)
    for _ in range(25):
        advance(first)
    for _ in range(25):
        advance(second)
        truth_of(second)
    assert bytes_of(first) == bytes_of(second)


def test_the_region_has_at_least_sixty_employers_and_eight_hundred_records() -> None:
    world = built()
    assert len(EMPLOYERS) >= 60
    assert sum(world.count().values()) >= 900
    assert len({item.employer.key for item in world.all("noorderlink")}) >= 60


@pytest.mark.parametrize("records", [1, 500, 900, 3_000])
def test_there_are_at_least_as_many_records_as_asked(records: int) -> None:
    assert sum(built(records=records).count().values()) >= records


def test_every_platform_lists_and_both_languages_are_there() -> None:
    world = built()
    assert min(world.count().values()) >= 60
    languages = Counter(item.lang for source in SOURCES for item in world.all(source))
    assert min(languages["nl"], languages["en"]) >= 150


def test_texts_are_as_long_as_advertisements() -> None:
    lengths = sorted(len(item.html) for item in built().all("noorderlink") if item.invalid is None)
    assert 1_800 <= lengths[len(lengths) // 2] <= 4_500


def test_native_ids_are_unique_on_their_platform() -> None:
    world = built(steps=60)
    for source in SOURCES:
        ids = [item.native_id for item in world.all(source)]
        assert len(ids) == len(set(ids))


def test_addresses_of_pages_are_unique_on_their_platform() -> None:
    world = built(records=3_000)
    for source in SOURCES:
        slugs = [(item.event is not None, item.slug) for item in world.all(source)]
        assert len(slugs) == len(set(slugs))


def test_no_address_leads_to_a_person_outside_example_domains() -> None:
    contacts = [item.facts.contact for s in SOURCES for item in built().all(s) if item.facts and item.facts.contact]
    assert contacts
    assert all(mail.endswith(".example") and phone in ("06-12345678", "050-1234567") for _, mail, phone in contacts)


def test_nothing_opens_or_closes_at_the_next_midnights() -> None:
    """So that the truth of a frozen step holds for three days."""
    world = built()
    closings = [item.expires for s in SOURCES for item in world.all(s) if item.expires]
    assert not [day for day in closings if BASE - timedelta(days=1) < day < BASE + timedelta(days=3)]


def test_every_special_case_is_in_the_region() -> None:
    listings = [item for source in SOURCES for item in built().all(source)]
    states = Counter((item.source, item.state) for item in listings)
    statuses = Counter(item.event.status for item in listings if item.event)
    assert states["noorderlink", "expired"] >= 10
    assert min(states["miitn", state] for state in ("filled", "overdue", "expired", "draft", "trash", "gone", "password")) >= 1
    assert min(statuses[status] for status in ("cancelled", "postponed", "rescheduled", "moved_online")) >= 2
    assert sum(item.link == "echo" for item in listings) == 4
    assert sum(bool(item.consortium) for item in listings) >= 10
    assert {"missing_id", "wrong_type", "impossible_date", "too_large", "syntax"} <= {item.invalid for item in listings}
    assert any("<script>" in item.title for item in listings)


def test_look_alikes_share_employer_and_title_on_one_platform_and_are_two_openings() -> None:
    groups = defaultdict(set)
    for item in built().all("noorderlink"):
        groups[item.employer.key, item.title].add(item.opening)
    assert sum(len(openings) > 1 for openings in groups.values()) >= 3


def test_a_job_address_shared_by_platforms_names_one_opening() -> None:
    world = built()
    shared = [opening for opening in world.openings.values() if sum(item.link == "url" for item in opening.listings) > 1]
    assert len(shared) >= 40
    for opening in shared:
        assert len({item.certain for item in opening.listings if item.link == "url"}) == 1
        assert len({item.source for item in opening.listings if item.link == "url" and item.is_live}) == sum(
            item.link == "url" and item.is_live for item in opening.listings
        )


def test_a_reference_number_goes_with_the_employer_s_own_name() -> None:
    joined = [o for o in built().openings.values() if sum(item.link == "reference" for item in o.listings) > 1]
    assert len(joined) >= 15
    for opening in joined:
        assert len({item.reference for item in opening.listings}) == 1
        assert all(item.employer_name in item.employer.official for item in opening.listings)
        assert all(str(item.reference) in item.html for item in opening.listings if item.source != "vonk")


def test_a_careers_home_page_links_nothing() -> None:
    homes = [
        item
        for source in SOURCES
        for item in built().all(source)
        if item.apply_url and item.apply_url.lower().partition("?")[0].partition("#")[0] == item.employer.careers_home
    ]
    assert len(homes) >= 50
    assert {item.link for item in homes} == {"none"}


def test_an_echo_names_an_id_or_a_page_and_keeps_nothing_open() -> None:
    world = built()
    echoes = [item for source in SOURCES for item in world.all(source) if item.link == "echo"]
    for echo in echoes:
        opening = world.openings[echo.opening]
        original = opening.listings[0]
        assert echo.certain == original.certain
        assert echo.apply_url in (
            f"https://hub.example/v1/opportunities/{opportunity_id(original.key)}",
            f"{{{{noorderlink}}}}/vacature/{original.slug}",
        )
        original.state = "gone"
        assert not opening.is_live


def test_the_truth_says_what_is_one_opening_and_what_must_be_parked() -> None:
    world = built()
    truth = truth_of(world)
    postings = [posting for opening in truth["openings"] for posting in opening["postings"]]
    assert len(postings) + len(truth["invalid"]) == sum(world.count().values())
    assert len(truth["invalid"]) >= 12
    assert all(posting["source_key"] == f"{posting['source']}:{posting['native_id']}" for posting in postings)
    assert any(invalid["native_id"] is None for invalid in truth["invalid"])


def test_the_truth_file_is_replaced_whole(tmp_path) -> None:
    path = tmp_path / "truth.json"
    world = built(records=50)
    write_truth(world, path)
    advance(world)
    write_truth(world, path)
    assert orjson.loads(path.read_bytes()) == truth_of(world)
    assert [file.name for file in tmp_path.iterdir()] == ["truth.json"]


def test_places_cover_the_three_provinces_and_a_few_outside() -> None:
    provinces = Counter(place.province for place in PLACES.values())
    assert min(provinces[name] for name in ("Groningen", "Drenthe", "Fryslân")) >= 10
    assert set(provinces) > {"Groningen", "Drenthe", "Fryslân"}

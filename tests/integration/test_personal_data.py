"""Where names, addresses and numbers of persons are in a whole hub, and where they must not be.

Four partners tell of invented persons, one for each place in which their formats have room. They are found in what was
fetched or pushed (the control), and then searched for in everything that the hub makes of it: every byte of every GET
operation, every topic from its first record on, its SQL files, other files of its state, logs, and every ops port.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fakes.canaries import Person, Persons, escaped_forms, found_in, rows_of
from fakes.crawl import Crawl, Exchange
from fakes.loopback_sites import loopback_sites
from fakes.partner_words import SECRET
from fakes.planted_partners import GONE, planted, pushes
from fakes.running_hub import PORTS, SOURCES, RunningHub
from fakes.schema_site import BASE as SCHEMA_BASE
from fakes.topic_reader import reading, records_of
from fakes.wordpress_site import BASE as WORDPRESS_BASE
from kafka.consumer.fetcher import ConsumerRecord

from hub import topics
from hub.sandbox.webhooks import sign

pytestmark = pytest.mark.integration

DAY_MS = 86_400_000
ALLOWED = {
    **{topics.raw(source): 188 for source in SOURCES},
    **{topics.inbound(source): 37 for source in SOURCES},
    topics.REJECTED: 37,
}
"""Topic → days after which nothing of a person is left: docs/personal-data.md has the same table.

Raw: from the withdrawal 180 to `erased`, and 8 until compaction must have run. The others: 30, and a segment spans 7.
"""
GHOST_DAYS, SEGMENT_DAYS = 180, 7
ROLES = 10
LISTED = {"noorderlink": 13, "miitn": 4, "traineelink": 5, "vonk": 3}
"""Postings that get through: all but the parked ones. Vonk's third was pushed."""


class Found:
    """What stood in the running hub. `later`: name → bytes of everything but the allowed topics."""

    def __init__(self, persons: list[Person]) -> None:
        self.persons = persons
        self.allowed: dict[str, bytes] = {}
        self.topics: dict[str, bytes] = {}
        self.answers: list[Exchange] = []
        self.files: dict[str, bytes] = {}
        self.tables: dict[str, bytes] = {}
        self.ops: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, free_ports) -> Iterator[Found]:
    persons = Persons(SystemRandom().randrange(2**32))
    sites = planted(persons)
    bodies = pushes(persons)
    state = tmp_path_factory.mktemp("personal")
    secret = state / "vonk.secret"
    secret.write_text(f"{SECRET}\n")
    with loopback_sites(sites, {"miitn": WORDPRESS_BASE, "traineelink": SCHEMA_BASE}) as urls:
        settings = {f"HUB_CONNECTORS__{name.upper()}__BASE_URL": url for name, url in urls.items()}
        settings |= {f"HUB_CONNECTORS__{name.upper()}__ENABLED": "true" for name in urls}
        hub = RunningHub(
            state,
            free_ports(PORTS),
            HUB_SANDBOX__SPEED="0",
            HUB_SANDBOX__RECORDS="10",
            HUB_CONNECTORS__VONK__WEBHOOK_SECRET_FILE=str(secret),
            HUB_CONNECTORS__MIITN__ROBOTS="agreement",
            HUB_DELIVERY__ALLOWED_NETWORKS="127.0.0.0/8",
            **settings,
        )
        try:
            hub.start()
            for message_id, body in bodies:
                hub.until(lambda m=message_id, b=body: _push(hub, m, b), 150, "the push to be taken")
            hub.until(lambda: _shown(hub) == LISTED, 120, f"the postings to be shown: {LISTED}")
            hub.until(lambda: len(hub.values(topics.REJECTED)) >= 2, 150, "both bad records to be parked")
            noorderlink = sites["noorderlink"]
            noorderlink.items = [item for item in noorderlink.items if item["id"] != GONE]  # type: ignore[attr-defined]
            less = {**LISTED, "noorderlink": LISTED["noorderlink"] - 1}
            hub.until(lambda: _shown(hub) == less, 120, "the withdrawal to come through")
            yield _collect(hub, persons.all)
            assert hub.stop() == 0
        finally:
            hub.kill_everything()


def _push(hub: RunningHub, message_id: str, body: bytes) -> bool:
    stamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(SECRET, message_id, stamp, body),
    }
    try:
        with urlopen(Request(f"{hub.http}/v1/inbound/vonk", data=body, headers=headers), timeout=60) as response:
            return 200 <= response.status < 300
    except HTTPError as error:
        if error.code != 503:
            raise
        return False


def _shown(hub: RunningHub) -> dict[str, int]:
    shown = [key.partition(":")[0] for keys in hub.live() for key in keys]
    return {source: shown.count(source) for source in SOURCES}


def _subscribe(hub: RunningHub, token: str) -> str:
    """To where nobody is."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urlopen(Request(f"{hub.http}/v1/subscriptions", b'{"url":"http://127.0.0.1:9/"}', headers), timeout=60) as response:
        return str(json.load(response)["id"])


def _collect(hub: RunningHub, persons: list[Person]) -> Found:
    found = Found(persons)
    for topic, data in _topics(hub).items():
        (found.allowed if topic in ALLOWED else found.topics)[topic] = data
    ids = sorted(hub.feed())
    with urlopen(f"{hub.http}/v1/segments", timeout=60) as response:
        names = [segment["name"] for segment in json.loads(response.read())["segments"]]
    token = json.loads(hub.hub("subscriber", "add", "portal", "--scope", "push", "--why", "test", "--json").stdout)["token"]
    parameters = {"id": ids, "name": names, "subscription": [_subscribe(hub, token)]}
    found.answers = Crawl(hub.http, parameters, token=token).run()
    for number in range(ROLES):
        for path in ("metrics", "readyz", "livez"):
            answer = _get(f"http://127.0.0.1:{hub.ops + number}/{path}")
            if answer is not None:
                found.ops[f"{number}/{path}"] = answer
    for path in sorted(hub.state.rglob("*")):
        name = str(path.relative_to(hub.state))
        if path.is_file() and not name.startswith("kafka/"):  # the broker's own files: their topics were read
            data = path.read_bytes()
            found.files[name] = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            if data[:15] == b"SQLite format 3":
                found.tables[name] = rows_of(path)
    return found


def _topics(hub: RunningHub) -> dict[str, bytes]:
    """Keys, values and headers of every record of every topic of the hub."""
    with reading(hub.servers) as consumer:
        topics = sorted(consumer.topics())
    return {topic: b"\n".join(part for record in records_of(hub.servers, topic) for part in _pieces(record)) for topic in topics}


def _pieces(record: ConsumerRecord) -> Iterator[bytes]:
    yield record.key or b""
    yield record.value or b""
    for name, value in record.headers:
        yield from (name.encode(), value or b"")


def _get(url: str) -> bytes | None:
    try:
        with urlopen(url, timeout=60) as response:
            return bytes(response.read())
    except HTTPError as error:
        return error.read()
    except OSError:
        return None


def leaks(data: bytes, found: Found) -> list[tuple[str, str]]:
    return sorted({(person.place, what) for person, what in found_in(data, found.persons)})


# --- the control ------------------------------------------------------------------------------------------------------


def test_every_person_was_fetched_or_pushed_and_is_found_there(found: Found) -> None:
    everything = b"\n".join(found.allowed.values())
    there = {(person.place, what) for person, what in found_in(everything, found.persons)}
    missing = [person.place for person in found.persons if not {what for place, what in there if place == person.place}]
    assert (missing, len(found.persons) > 40) == ([], True)


def test_dead_letters_and_pushes_hold_what_came(found: Found) -> None:
    parked = {place for place, _ in leaks(found.allowed[topics.REJECTED], found)}
    pushed = {place for place, _ in leaks(found.allowed[topics.inbound("vonk")], found)}
    assert parked == {"noorderlink.parked", "vonk.pushed_and_parked"}
    assert pushed == {"vonk.pushed", "vonk.pushed_and_parked"}


def test_the_search_finds_a_person_in_every_form() -> None:
    person = Persons(1).at("anywhere")
    forms = [(form, data) for text in (person.name, person.email, person.phone) for form, data in escaped_forms(text).items()]
    assert [form for form, data in forms if not list(found_in(b"... " + data + b" ...", [person]))] == []


def test_the_search_finds_nobody_else() -> None:
    persons = Persons(1)
    first, second = persons.at("here"), persons.at("there")
    assert list(found_in(b"\n".join(escaped_forms(first.sentence).values()), [second])) == []


def test_there_was_something_to_search(found: Found) -> None:
    assert set(found.topics) >= {topics.CANONICAL, topics.ENRICHED, topics.FEED, topics.CHECKPOINT}
    assert {"hub.db", "feed.db"} <= {name for name in found.tables if "/" not in name}
    assert any(name.startswith("logs/") for name in found.files)
    assert {path.partition("/")[2] for path in found.ops} == {"metrics", "readyz", "livez"}
    forms = {answer.content_type for answer in found.answers}
    assert forms >= {
        "application/json",
        "application/ld+json",
        "text/html",
        "application/atom+xml",
        "text/calendar",
        "application/gzip",
    }


# --- the claim --------------------------------------------------------------------------------------------------------


def test_no_answer_of_the_hub_names_a_person(found: Found) -> None:
    everything = b"\n".join(answer.everything for answer in found.answers)
    where = [answer.path for answer in found.answers if leaks(answer.everything, found)] if leaks(everything, found) else []
    assert (leaks(everything, found), where[:5]) == ([], [])


def test_no_later_topic_names_a_person(found: Found) -> None:
    assert {topic: leaks(data, found) for topic, data in found.topics.items() if leaks(data, found)} == {}


def test_no_sql_file_names_a_person(found: Found) -> None:
    assert {name: leaks(data, found) for name, data in found.tables.items() if leaks(data, found)} == {}


def test_no_other_file_and_no_log_names_a_person(found: Found) -> None:
    assert {name: leaks(data, found) for name, data in found.files.items() if leaks(data, found)} == {}


def test_no_ops_port_names_a_person(found: Found) -> None:
    assert {name: leaks(data, found) for name, data in found.ops.items() if leaks(data, found)} == {}


# --- what is allowed, and until when ----------------------------------------------------------------------------------


def test_allowed_topics_end_when_they_are_said_to() -> None:
    policies = {topic.name: topic for topic in topics.catalogue(SOURCES)}
    for name, days in ALLOWED.items():
        config = policies[name].settings
        if policies[name].cleanup == "delete":
            longest = int(config["retention.ms"]) + SEGMENT_DAYS * DAY_MS
        else:
            longest = int(config["max.compaction.lag.ms"]) + GHOST_DAYS * DAY_MS
        assert longest == days * DAY_MS


def test_the_document_says_the_same() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "personal-data.md").read_text().splitlines()
    said = {topics.REJECTED: 37, "hub.inbound.<source>.v1": 37, "hub.raw.<source>.v1": 188}
    unsaid = [name for name, days in said.items() if not any(f"`{name}`" in line and f"{days} days" in line for line in lines)]
    assert unsaid == []

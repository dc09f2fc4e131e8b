"""Vonk: offers in one answer, pushes in an envelope, and programmes of several employers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.domain.posting import Kind, Posting, Status
from hub.errors import RecordRejectedError, SourceError
from hub.sdk import Complete, InboundRecord, Invalid, KnownItem, Liveness, NotModified, RawRecord, SourceEvent
from hub.sdk.connector import Connector, load_connector
from hub.sdk.testing import Canned, ConnectorSuite, FakeHttp, map_record, posting_as_json, run_source, source_of

HERE = Path(__file__).parent
LIST = "/api/offers/"
SITE = "https://www.vonktraineeship.nl"


def healthy() -> FakeHttp:
    return FakeHttp({LIST: Canned((HERE / "offers.json").read_bytes())})


@pytest.fixture
def connector() -> Connector:
    return load_connector("hub.connectors.vonk")


async def postings(connector: Connector) -> dict[str, Posting | RecordRejectedError]:
    found: dict[str, Posting | RecordRejectedError] = {}
    for event in await run_source(source_of(connector, healthy())):
        if isinstance(event, RawRecord):
            try:
                found[event.native_id] = map_record(connector, event)
            except RecordRejectedError as error:
                found[event.native_id] = error
    return found


async def posting(connector: Connector, key: str) -> Posting:
    found = (await postings(connector))[key]
    assert isinstance(found, Posting)
    return found


def push(connector: Connector, body: Any, **fields: Any) -> list[SourceEvent]:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return list(source_of(connector, FakeHttp()).inbound(InboundRecord(raw, **fields)))


class TestVonkConforms(ConnectorSuite):
    package = "hub.connectors.vonk"
    list_addresses = (LIST,)
    rejects = 1

    def site(self) -> FakeHttp:
        return healthy()


async def test_postings_are_as_in_the_golden_file(connector: Connector) -> None:
    found = {key: posting_as_json(one) for key, one in (await postings(connector)).items() if isinstance(one, Posting)}
    assert found == json.loads((HERE / "golden.json").read_text(encoding="utf-8"))


async def test_placements_make_a_programme_of_several_employers(connector: Connector) -> None:
    found = await posting(connector, "901")
    assert found.traineeship is not None
    assert [(one.organisation, one.months) for one in found.traineeship.placements] == [
        ("Gemeente Voorbeeld", 8),
        ("Provincie Voorbeeld", 8),
        ("Waterschap Voorbeeld", None),
    ]
    assert [one.name for one in found.consortium] == ["Gemeente Voorbeeld", "Provincie Voorbeeld", "Waterschap Voorbeeld"]
    assert (found.traineeship.duration_months, found.traineeship.job_guarantee) == (24, True)


async def test_vonk_is_the_intermediary_of_an_employer(connector: Connector) -> None:
    found = await posting(connector, "901")
    assert found.organisation is not None
    assert found.intermediary is not None
    assert (found.organisation.name, found.intermediary.domain) == ("Gemeente Voorbeeld", "vonktraineeship.nl")


async def test_vonk_as_employer_has_no_intermediary(connector: Connector) -> None:
    found = await posting(connector, "903")
    assert found.organisation is not None
    assert (found.organisation.domain, found.intermediary) == ("vonktraineeship.nl", None)


async def test_length_that_stands_only_in_the_text_is_marked(connector: Connector) -> None:
    found = await posting(connector, "903")
    assert found.traineeship is not None
    assert found.traineeship.duration_months == 24
    assert found.field_origins["traineeship.duration_months"] == "vonk.duration.text"


async def test_both_languages_are_kept(connector: Connector) -> None:
    title = (await posting(connector, "901")).title
    assert title.nl is not None
    assert title.en is not None
    assert (title.nl.text[:14], title.en.text[-19:]) == ("Traineeship De", "Future of the North")


async def test_salary_of_18_50_is_not_a_month(connector: Connector) -> None:
    salary = (await posting(connector, "902")).salary
    assert salary is not None
    assert (salary.min, salary.period, salary.period_is_guess) == (18.5, "hour", True)


async def test_graduation_internship_is_told_from_an_internship(connector: Connector) -> None:
    assert (await posting(connector, "902")).kind is Kind.GRADUATION_INTERNSHIP


async def test_offer_that_is_no_longer_published_is_not_active(connector: Connector) -> None:
    assert (await posting(connector, "903")).status is Status.EXPIRED


async def test_item_is_asked_for_on_this_platform_while_readers_go_to_the_owner(connector: Connector) -> None:
    records = {
        event.native_id: event for event in await run_source(source_of(connector, healthy())) if isinstance(event, RawRecord)
    }
    assert records["902"].url == f"{SITE}/o/graduation-internship-data"
    assert (await posting(connector, "902")).canonical_url == "https://werkenbij.voorbeeld.example/stage/902"


async def test_talent_pool_is_no_opening_and_no_id_is_invalid(connector: Connector) -> None:
    events = await run_source(source_of(connector, healthy()))
    assert "904" not in [event.native_id for event in events if isinstance(event, RawRecord)]
    assert [event.reason for event in events if isinstance(event, Invalid)] == ["missing_id"]
    assert events[-1] == Complete(requests=1)


async def test_wrong_type_names_its_field(connector: Connector) -> None:
    found = (await postings(connector))["905"]
    assert isinstance(found, RecordRejectedError)
    assert (found.reason, found.field) == ("wrong_type", "offer.min_hours")


async def test_repeated_offer_fails_the_run(connector: Connector) -> None:
    http = FakeHttp({LIST: Canned.json({"offers": [{"id": 1, "title": "a"}, {"id": "1", "title": "b"}]})})
    with pytest.raises(SourceError, match="listed twice"):
        await run_source(source_of(connector, http))


async def test_unchanged_list_is_not_read(connector: Connector) -> None:
    assert await run_source(source_of(connector, FakeHttp({LIST: Canned(not_modified=True)}))) == [NotModified()]


def test_moved_date_of_change_alone_is_no_change(connector: Connector) -> None:
    before = connector.parse(b'{"offer": {"id": 1, "title": "a", "updated_at": "2026-11-01 08:00:00 UTC"}}')
    after = connector.parse(b'{"offer": {"id": 1, "title": "a", "updated_at": "2026-11-09 08:00:00 UTC", "position": 7}}')
    assert connector.fingerprint(before) == connector.fingerprint(after)


def test_pushed_offer_is_an_item_like_a_listed_one(connector: Connector) -> None:
    offer = {"id": 7, "slug": "seven", "title": "Zeven", "updated_at": "2026-11-20 10:00:00 UTC"}
    body = {"type": "offer.updated", "timestamp": "2026-11-20T10:00:05Z", "data": {"offer": offer}}
    assert push(connector, body) == [RawRecord("7", {"offer": offer}, url=f"{SITE}/o/seven", changed_at=1_795_168_800_000)]


def test_pushed_deletion_is_dated_by_the_event(connector: Connector) -> None:
    offer = {"id": 7, "updated_at": "2026-11-01 10:00:00 UTC"}
    body = {"type": "offer.deleted", "timestamp": "2026-11-20T10:00:00Z", "data": {"offer": offer}}
    assert push(connector, body) == [RawRecord("7", {"offer": offer}, op="delete", changed_at=1_795_168_800_000)]


def test_bare_offer_is_taken_with_its_header(connector: Connector) -> None:
    assert push(connector, {"id": 7, "title": "x"}, op="delete") == [
        RawRecord("7", {"offer": {"id": 7, "title": "x"}}, op="delete")
    ]


def test_event_about_something_else_is_no_item(connector: Connector) -> None:
    assert push(connector, {"type": "candidate.created", "data": {}}) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "syntax"),
        (b"[]", "wrong_type"),
        ({"type": "offer.updated", "data": {"offer": {}}}, "missing_id"),
        ({"type": "offer.updated", "data": {"offer": {"id": True}}}, "missing_id"),
        ({"type": "offer.updated", "data": "x"}, "wrong_type"),
    ],
)
def test_push_that_is_no_offer_is_rejected(connector: Connector, body: Any, reason: str) -> None:
    with pytest.raises(RecordRejectedError) as caught:
        push(connector, body)
    assert caught.value.reason == reason


async def test_asking_believes_the_page(connector: Connector) -> None:
    http = FakeHttp({"/o/here": Canned.html("<h1>Here</h1>"), "/o/gone": Canned.html("<h1>Weg</h1>", status=410)})
    items = [KnownItem(slug, "items", f"{SITE}/o/{slug}") for slug in ("here", "gone")]
    assert await source_of(connector, http).ask(items) == {"here": Liveness.ALIVE, "gone": Liveness.GONE}


def test_parts_that_nobody_filled_in_are_null_and_reject_nothing(connector: Connector) -> None:
    offer = {
        "id": 7,
        "title": "Trainee Duurzaam Noord",
        "translations": {"nl": {"title": "Trainee Duurzaam Noord"}, "de": None},
        "tags": [None, "energie"],
        "locations": [None, {"city": "Assen"}],
        "salary": [],
    }
    (event,) = push(connector, {"type": "offer.created", "data": {"offer": offer}})
    assert isinstance(event, RawRecord)
    posting = map_record(connector, event)
    assert posting.title.nl is not None
    assert posting.title.nl.text == "Trainee Duurzaam Noord"
    assert [location.place for location in posting.locations] == ["Assen"]


@pytest.mark.parametrize(
    "body",
    [
        {"event": "deleted", "offer": {"id": 7}},
        {"event_type": "offer_deleted", "payload": {"offer": {"id": 7}}},
        {"event": "offer.closed", "payload": {"offer_id": 7}},
        {"type": "deleted", "data": {"id": 7}},
    ],
)
def test_deletion_is_understood_in_other_words(connector: Connector, body: dict[str, Any]) -> None:
    (event,) = push(connector, body)
    assert isinstance(event, RawRecord)
    assert (event.native_id, event.op) == ("7", "delete")


@pytest.mark.parametrize("event", ["offer.published", "offer_updated", "created", "job"])
def test_what_is_no_deletion_brings_the_offer(connector: Connector, event: str) -> None:
    (record,) = push(connector, {"event": event, "offer": {"id": 7, "title": "x"}})
    assert isinstance(record, RawRecord)
    assert record.op == "upsert"


def test_department_and_tags_may_be_objects(connector: Connector) -> None:
    offer = {
        "id": 1,
        "title": "Adviseur water",
        "department": {"id": 7, "name": "Engineering"},
        "tags": [{"id": 1, "name": "water"}, "klimaat", {"id": 2}, None],
    }
    found = map_record(connector, RawRecord("1", {"offer": offer}, url=f"{SITE}/o/adviseur-water"))
    assert found.functions == ["Engineering", "water", "klimaat"]


def test_city_may_say_that_one_works_at_home(connector: Connector) -> None:
    offer = {"id": 1, "title": "Adviseur water", "city": "Remote", "country_code": "NL", "salary": {"min": 3000, "currency": "€"}}
    found = map_record(connector, RawRecord("1", {"offer": offer}, url=f"{SITE}/o/adviseur-water"))
    assert (found.locations, found.workplace) == ([], "remote")
    assert found.salary is not None
    assert found.salary.currency == "EUR"

"""Noorderlink: a paged list whose stated total is the proof, and fields that leave things open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from hub.domain.posting import Kind, Posting, Status
from hub.errors import RecordRejectedError, SourceError
from hub.sdk import Checkpoint, Complete, InboundRecord, Invalid, KnownItem, Liveness, NotModified, RawRecord
from hub.sdk.connector import Connector, load_connector
from hub.sdk.testing import Canned, ConnectorSuite, FakeHttp, map_record, posting_as_json, run_source, run_until_error, source_of

HERE = Path(__file__).parent
LIST = "/api/backend/vacancies/1.2/vacancies/filter"
PAGE = "https://www.noorderlink.nl/vacature/"


def address(page: int) -> str:
    return f"{LIST}?query=&limit=100&page={page}"


def healthy(**changes: Canned) -> FakeHttp:
    pages = {address(number): Canned((HERE / f"page{number}.json").read_bytes()) for number in (1, 2)}
    return FakeHttp({**pages, **{address(int(name[-1])): canned for name, canned in changes.items()}})


def page(total: Any, *ids: Any) -> Canned:
    return Canned.json({"total_items": total, "items": [{"id": one, "title": f"Titel {one}"} for one in ids]})


@pytest.fixture
def connector() -> Connector:
    return load_connector("hub.connectors.noorderlink")


async def postings(connector: Connector) -> dict[str, Posting | RecordRejectedError]:
    found: dict[str, Posting | RecordRejectedError] = {}
    for event in await run_source(source_of(connector, healthy())):
        if isinstance(event, RawRecord):
            try:
                found[event.native_id] = map_record(connector, event)
            except RecordRejectedError as error:
                found[event.native_id] = error
    return found


class TestNoorderlinkConforms(ConnectorSuite):
    package = "hub.connectors.noorderlink"
    list_addresses = (address(1), address(2))
    rejects = 2

    def site(self) -> FakeHttp:
        return healthy()


async def test_postings_are_as_in_the_golden_file(connector: Connector) -> None:
    found = {key: posting_as_json(one) for key, one in (await postings(connector)).items() if isinstance(one, Posting)}
    assert found == json.loads((HERE / "golden.json").read_text(encoding="utf-8"))


async def test_item_without_id_is_invalid_and_counts_as_read(connector: Connector) -> None:
    events = await run_source(source_of(connector, healthy()))
    assert [(event.reason, event.field) for event in events if isinstance(event, Invalid)] == [("missing_id", "item.id")]
    assert events[-1] == Complete(stated_total=7, requests=2)


async def test_wrong_type_and_impossible_date_name_their_field(connector: Connector) -> None:
    found = await postings(connector)
    rejected = {key: (one.reason, one.field) for key, one in found.items() if isinstance(one, RecordRejectedError)}
    assert rejected == {"41004": ("impossible_date", "item.expire_at"), "41005": ("wrong_type", "item.title")}


async def test_salary_without_period_is_marked_as_a_guess(connector: Connector) -> None:
    found = await postings(connector)
    month, hour = found["41001"], found["41002"]
    assert isinstance(month, Posting)
    assert isinstance(hour, Posting)
    assert month.salary is not None
    assert hour.salary is not None
    assert (month.salary.period, month.salary.period_is_guess, hour.salary.period) == ("month", True, "hour")
    assert month.field_origins["salary.period"] == "noorderlink.salary.period_guess"


async def test_place_falls_back_to_the_organisation_and_says_so(connector: Connector) -> None:
    found = (await postings(connector))["41002"]
    assert isinstance(found, Posting)
    assert (found.locations[0].place, found.locations[0].lat) == ("Assen", 52.9967)
    assert found.field_origins["locations"] == "noorderlink.place.organisation"


async def test_expired_item_is_listed_as_expired(connector: Connector) -> None:
    found = (await postings(connector))["41003"]
    assert isinstance(found, Posting)
    assert (found.status, found.status_reason) == (Status.EXPIRED, "is_expired")


async def test_kind_is_told_by_the_title(connector: Connector) -> None:
    found = await postings(connector)
    kinds = [one.kind for one in found.values() if isinstance(one, Posting)]
    assert kinds == [Kind.VACANCY, Kind.SIDE_JOB, Kind.VACANCY, Kind.GRADUATION_INTERNSHIP]


async def test_apply_is_an_address_only_when_the_method_says_so(connector: Connector) -> None:
    found = await postings(connector)
    methods = {
        key: one.apply and (one.apply.method, bool(one.apply.url)) for key, one in found.items() if isinstance(one, Posting)
    }
    assert methods == {"41001": ("url", True), "41002": ("email", False), "41003": ("form", True), "41006": None}


@pytest.mark.parametrize(
    ("pages", "cause"),
    [
        ((page(3, 1, 2),  page(3)), "total"),
        ((page(1, 1, 2),), "total"),
        ((page("2½", 1, 2),), "total"),
        ((page(None, 1),), "total"),
        ((page(3, 1, 2), page(4, 3)), "total"),
        ((page(4, 1, 2), page(4, 2, 3)), "duplicate"),
        ((page(2, 1, 1),), "duplicate"),
        ((page(0, 1),), "total"),
    ],
)  # fmt: skip
async def test_list_that_contradicts_itself_fails_the_run(connector: Connector, pages: tuple[Canned, ...], cause: str) -> None:
    http = FakeHttp({address(number): canned for number, canned in enumerate(pages, 1)})
    with pytest.raises(SourceError) as caught:
        await run_source(source_of(connector, http))
    assert caught.value.cause == cause


async def test_total_may_be_written_as_a_text(connector: Connector) -> None:
    events = await run_source(source_of(connector, FakeHttp({address(1): page("2", 1, 2)})))
    assert events[-1] == Complete(stated_total=2, requests=1)


@pytest.mark.parametrize("second", [page(5, 2, 3), page(6, 3, 4)])
async def test_list_that_shifts_under_the_walk_shows_its_items_before_the_run_fails(connector: Connector, second: Canned) -> None:
    http = FakeHttp({address(1): page(5, 1, 2), address(2): second, address(3): page(5, 5)})
    events, error = await run_until_error(source_of(connector, http))
    listed = [event.native_id for event in events if isinstance(event, RawRecord)]
    assert error is not None
    assert listed[-1] == "5"
    assert len(set(listed)) == len(listed)


async def test_empty_list_is_complete_and_left_to_the_brake(connector: Connector) -> None:
    assert await run_source(source_of(connector, FakeHttp({LIST: page(0)}))) == [Complete(stated_total=0, requests=1)]


async def test_unchanged_pages_are_not_read_again(connector: Connector) -> None:
    same = Canned(not_modified=True)
    http = healthy(page1=same, page2=same)
    assert await run_source(source_of(connector, http), Checkpoint({"pages": "2"})) == [NotModified()]
    assert len(http.requests) == 2


async def test_unchanged_first_page_proves_nothing_when_the_number_of_pages_is_lost(connector: Connector) -> None:
    def answer(url: URL) -> Canned:
        return Canned((HERE / "page1.json").read_bytes(), not_modified=len(http.requests) == 1)

    http = healthy()
    http.answers[address(1)] = answer
    assert (await run_source(source_of(connector, http)))[-1] == Complete(stated_total=7, requests=2)


async def test_one_changed_page_is_read_with_the_unchanged_ones(connector: Connector) -> None:
    first = json.loads((HERE / "page1.json").read_text(encoding="utf-8"))

    def answer(url: URL) -> Canned:
        return Canned(json.dumps(first).encode(), not_modified=len(http.requests) == 1)

    http = healthy()
    http.answers[address(1)] = answer
    events = await run_source(source_of(connector, http), Checkpoint({"pages": "2"}))
    assert events[-1] == Complete(stated_total=7, requests=2)
    assert len([event for event in events if isinstance(event, RawRecord)]) == 6


async def test_the_credential_goes_along_with_every_request(connector: Connector) -> None:
    http = healthy()
    await run_source(source_of(connector, http, credential="letmein"))
    assert {headers["Authorization"] for headers in http.headers} == {"Bearer letmein"}


async def test_asking_tells_alive_from_gone(connector: Connector) -> None:
    def own(slug: str) -> Canned:
        return Canned.html(f'<link rel="canonical" href="{PAGE}{slug}"><h1>{slug}</h1>')

    http = FakeHttp(
        {
            "/vacature/alive": own("alive"),
            "/vacature/other": own("something-else"),
            "/vacature/hidden": Canned.html('<meta name="robots" content="noindex,follow"><h1>hidden</h1>'),
            "/vacature/moved": Canned(status=301, headers={"location": "/vacature/alive"}),
            "/vacature/away": Canned(status=302, headers={"location": "https://login.example/"}),
            "/vacature/broken": Canned(status=500),
        }
    )
    items = [
        KnownItem(name, "items", f"{PAGE}{name}") for name in ("alive", "other", "hidden", "moved", "away", "broken", "none")
    ]
    answers = await source_of(connector, http).ask(items)
    assert dict(answers) == {
        "alive": Liveness.ALIVE,
        "other": Liveness.GONE,
        "hidden": Liveness.GONE,
        "moved": Liveness.GONE,
        "away": Liveness.UNKNOWN,
        "broken": Liveness.UNKNOWN,
        "none": Liveness.GONE,
    }


def test_pushed_payload_is_refused(connector: Connector) -> None:
    with pytest.raises(RecordRejectedError):
        list(source_of(connector, FakeHttp()).inbound(InboundRecord(b"{}")))


def test_null_in_a_list_an_empty_object_and_a_postcode_as_number_reject_nothing(connector: Connector) -> None:
    item = {"id": 1, "title": "Adviseur", "employments": [None, {"name": "Fulltime"}], "locality": "Assen", "zipcode": 9401}
    item |= {"salary": [], "organisation": ""}
    posting = map_record(connector, RawRecord("1", {"item": item}))
    assert posting.employment_types == ["full_time"]
    assert posting.locations[0].postcode == "9401"

"""What a connector's tests stand on: canned HTTP, a whole run in one call, and a suite that every connector inherits.

    class TestMine(ConnectorSuite):
        package = "hub.connectors.mine"

        list_addresses = ["/api/items"]
        def site(self) -> FakeHttp: …            a healthy partner in invented data

The suite states what the runtime relies on: a healthy partner is read to its end, a hostile one never is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson
from yarl import URL

from hub.domain.keys import source_key
from hub.domain.posting import Posting
from hub.errors import RecordRejectedError, SourceError
from hub.sdk.connector import Connector, MappingContext, load_connector
from hub.sdk.http import REDIRECTS, HttpClient, Response
from hub.sdk.record import Complete, KnownItem, Liveness, NotModified, RawRecord, SourceEvent
from hub.sdk.source import Checkpoint, Source, SourceContext

FETCHED_AT = 1_800_000_000_000
"""The only `now` of a test: 2027-01-15T08:00:00Z."""


@dataclass(frozen=True)
class Canned:
    """One answer. `error` is raised instead, as the runtime's client would."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    error: SourceError | None = None
    not_modified: bool = False

    @classmethod
    def json(cls, value: Any, **headers: str) -> Canned:
        """Header names with `_` for `-`."""
        return cls(orjson.dumps(value), headers={name.replace("_", "-"): text for name, text in headers.items()})

    @classmethod
    def html(cls, text: str, status: int = 200) -> Canned:
        return cls(text.encode(), status=status, content_type="text/html; charset=utf-8")


Answer = Canned | Sequence[Canned] | Callable[[URL], Canned]


class FakeHttp(HttpClient):
    """Answers by address (`/path?query` or whole), later by path alone; what is not canned answers 404.

    A sequence is answered one by one, its last for ever. `requests` holds every address that was asked, in order.
    `conditional` requests are answered `not_modified` where the canned answer says so.
    """

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers: dict[str, Answer] = dict(answers or {})
        self.requests: list[URL] = []
        self.headers: list[Mapping[str, str]] = []
        self._position: dict[str, int] = {}

    async def get(
        self,
        url: URL | str,
        *,
        accept: str = "*/*",
        expect: tuple[int, ...] = (200,),
        conditional: bool = False,
        redirects: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        url = URL(url)
        self.requests.append(url)
        self.headers.append({"accept": accept, **(headers or {})})
        canned = self._find(url)
        if canned.error is not None:
            raise canned.error
        if canned.status in REDIRECTS and redirects and canned.status not in expect:
            return await self.get(
                url.join(URL(canned.headers["location"])),
                accept=accept,
                expect=expect,
                conditional=conditional,
                headers=headers,
            )
        if conditional and canned.not_modified:
            return Response(304, url, {}, b"", not_modified=True)
        if canned.status not in expect:
            cause = {429: "throttled", 401: "credential" if headers else "status"}.get(canned.status, "status")
            raise SourceError(cause, f"{url} answered {canned.status}")
        return Response(canned.status, url, {"content-type": canned.content_type, **canned.headers}, canned.body)

    def _find(self, url: URL) -> Canned:
        for key in (str(url), url.path_qs, url.path):
            answer = self.answers.get(key)
            if answer is None:
                continue
            if isinstance(answer, Canned):
                return answer
            if callable(answer):
                return answer(url)
            place = self._position.get(key, 0)
            self._position[key] = place + 1
            return answer[min(place, len(answer) - 1)]
        return Canned(b"not found", status=404, content_type="text/plain")


def source_of(connector: Connector, http: HttpClient, base_url: str | None = None, credential: str | None = None) -> Source:
    context = SourceContext(connector.manifest, URL(base_url or connector.manifest.base_url), http, credential)
    return connector.source_type(context)


async def run_source(source: Source, checkpoint: Checkpoint | None = None) -> list[SourceEvent]:
    """All events of one run. Raises what the run raises."""
    return [event async for event in source.run(checkpoint or Checkpoint())]


async def run_until_error(source: Source, checkpoint: Checkpoint | None = None) -> tuple[list[SourceEvent], SourceError | None]:
    """The events until the run ended or failed."""
    events: list[SourceEvent] = []
    try:
        async for event in source.run(checkpoint or Checkpoint()):
            events.append(event)
    except SourceError as error:
        return events, error
    return events, None


def map_record(connector: Connector, record: RawRecord) -> Posting:
    """Raw record → posting, by way of the bytes that Kafka carries. Raises RecordRejectedError."""
    payload = connector.parse(orjson.dumps(dict(record.parts)))
    context = MappingContext(connector.name, record.native_id, record.url, FETCHED_AT)
    return connector.to_posting(payload, context)


def posting_as_json(posting: Posting) -> dict[str, Any]:
    """What a golden file holds: without defaults, so that it shows what the mapping filled."""
    return posting.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


HOSTILE: dict[str, Canned] = {
    "a page with 200": Canned.html("<!doctype html><title>Onderhoud</title><p>We zijn zo terug.</p>"),
    "truncated": Canned(b'{"total_items": 3, "items": [{"id": 1, "title": "Ver'),
    "empty body": Canned(b""),
    "another shape": Canned(b'{"error": "database"}'),
    "null": Canned(b"null"),
    "status 500": Canned(b"oops", status=500, content_type="text/plain"),
    "wrong charset": Canned(
        '{"items": [{"title": "Coördinator"}]}'.encode("latin-1"), content_type="application/json; charset=utf-8"
    ),
    "a time-out": Canned(error=SourceError("timeout", "no answer within 30 s")),
    "throttled": Canned(b"", status=429),
}
"""Answers in place of the partner's list; a run that meets one must raise SourceError."""


class ConnectorSuite:
    """Inherit, set `package`, and describe one healthy partner; the tests below are then yours.

    `site` is a partner with at least two items. `list_addresses` are the addresses (as FakeHttp names them) whose
    answer the run cannot do without. `rejects` counts the site's items that must be rejected.
    """

    package: ClassVar[str]
    list_addresses: ClassVar[Sequence[str]]
    rejects: ClassVar[int] = 0
    base_url: ClassVar[str | None] = None
    hostile: ClassVar[Mapping[str, Canned]] = HOSTILE

    def site(self) -> FakeHttp:
        raise NotImplementedError

    @property
    def connector(self) -> Connector:
        return load_connector(self.package)

    def source(self, http: FakeHttp | None = None) -> Source:
        return source_of(self.connector, http or self.site(), self.base_url)

    async def records(self) -> list[RawRecord]:
        return [event for event in await run_source(self.source()) if isinstance(event, RawRecord)]

    def test_manifest_says_what_may_be_done_with_the_data(self) -> None:
        manifest = self.connector.manifest
        assert manifest.name == self.package.rpartition(".")[2]
        assert all((manifest.owner, manifest.licence, manifest.attribution, manifest.homepage))

    async def test_run_reads_the_partner_to_its_end(self) -> None:
        events = await run_source(self.source())
        assert isinstance(events[-1], Complete)
        assert len([event for event in events if isinstance(event, RawRecord)]) >= 2

    async def test_ids_are_unique_and_well_formed(self) -> None:
        ids = [record.native_id for record in await self.records()]
        assert len(set(ids)) == len(ids)
        assert all(one == one.strip() and one.isprintable() and one for one in ids)
        assert all(len(source_key(self.connector.name, one)) <= 512 for one in ids)

    async def test_every_item_maps_or_is_rejected_with_a_reason(self) -> None:
        outcomes = [_outcome(self.connector, record) for record in await self.records()]
        rejected = [one for one in outcomes if isinstance(one, RecordRejectedError)]
        assert (len(rejected), all(one.reason for one in rejected)) == (self.rejects, True)

    async def test_mapping_is_a_pure_function(self) -> None:
        connector, records = self.connector, await self.records()
        first = [_bytes(_outcome(connector, record)) for record in records]
        again = [_bytes(_outcome(connector, record)) for record in reversed(records)]
        assert first == again[::-1]

    async def test_posting_has_a_title_and_leaves_the_stamps_to_the_hub(self) -> None:
        outcomes = [_outcome(self.connector, record) for record in await self.records()]
        postings = [one for one in outcomes if isinstance(one, Posting)]
        assert all(one.title.nl or one.title.en for one in postings)
        assert not any(one.source or one.seq or one.source_key for one in postings)

    async def test_fingerprint_is_the_same_in_the_next_run(self) -> None:
        first = [_fingerprint(self.connector, record) for record in await self.records()]
        assert first == [_fingerprint(self.connector, record) for record in await self.records()]

    async def test_hostile_partner_is_never_read_to_its_end(self) -> None:
        healthy = _ended(await run_source(self.source()))
        for address in self.list_addresses:
            for name, canned in self.hostile.items():
                http = self.site()
                http.answers[address] = canned
                events, error = await run_until_error(self.source(http))
                assert error is not None, f"{name} at {address} passed for a healthy answer"
                assert _ended(events) < healthy, f"{name} at {address} ended in Complete"

    async def test_run_yields_only_what_the_runtime_knows(self) -> None:
        assert all(isinstance(event, SourceEvent) for event in await run_source(self.source()))

    async def test_item_without_an_address_is_never_called_gone(self) -> None:
        answers = await self.source().ask([KnownItem("no-such-item", "items", None)])
        assert answers.get("no-such-item") in (None, Liveness.UNKNOWN)


def _outcome(connector: Connector, record: RawRecord) -> Posting | RecordRejectedError:
    try:
        return map_record(connector, record)
    except RecordRejectedError as error:
        return error


def _bytes(outcome: Posting | RecordRejectedError) -> bytes:
    return outcome.to_bytes() if isinstance(outcome, Posting) else f"{outcome.reason} {outcome.field}".encode()


def _fingerprint(connector: Connector, record: RawRecord) -> str:
    try:
        return connector.fingerprint(connector.parse(orjson.dumps(dict(record.parts))))
    except RecordRejectedError as error:
        return error.reason


def _ended(events: Sequence[SourceEvent]) -> set[str]:
    return {event.collection for event in events if isinstance(event, Complete | NotModified)}

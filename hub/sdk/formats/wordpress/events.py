"""The Events Calendar: times and places from its own route, cancellations from `wp/v2/tribe_events`, joined by id.

The default window of the events route drops what has begun and what is far off, so the whole window is asked. To an
editor's credential that route gives drafts too, and to nobody that an event is cancelled or postponed. An event that
the second route lacks, or whose meta a site keeps back there, is asked singly, where the structured data tells it.

A site without the plugin has no such route and no events. Once events were seen there, a route that is gone is a fault.

Behind a password: the events route gives the text all the same, which is neither kept nor shown.

Parts of a record: `event`, `post` (id, status, meta, protected; or null), `jsonld` (of the single answer, or null).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import orjson

from hub.errors import SourceError
from hub.sdk.formats.ordered import fetch_in_order
from hub.sdk.formats.wordpress.answer import Answer, header_number, is_protected, rows_of
from hub.sdk.formats.wordpress.site import Walk, WordPressSite
from hub.sdk.record import Complete, Invalid, KnownItem, Liveness, RawRecord, SourceEvent
from hub.sdk.source import Checkpoint

COLLECTION = "events"
PREFIX = "event-"
ROUTE = "tribe/events/v1/events"
WINDOW: dict[str, str | int] = {"per_page": 50, "start_date": "2000-01-01", "end_date": "2100-01-01"}
STATUS = "_tribe_events_status"
NO_ROUTE = "rest_no_route"
SEEN = "seen"
"""The cursor of a site that once had events."""
PAST_THE_END = "event-archive-page-not-found"
GONE_CODES = {400: "rest_invalid_param", 403: "event-not-accessible"}


class Events:
    """The collection `events`; native ids are `event-{post id}`."""

    def __init__(self, site: WordPressSite) -> None:
        self._site = site

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:  # every run reads all
        """Every published event, then `Complete`. Raises SourceError."""
        walk = await self._walk(may_be_absent=COLLECTION not in checkpoint.cursors)
        posts = await self._posts()
        rows: list[tuple[dict[str, Any], dict[str, Any] | None]] = []
        listed = await self._complete(walk, posts)
        published = [row for row in listed if row.get("status", "publish") == "publish"]
        for row in published:
            if isinstance(row.get("id"), int):
                rows.append((row, posts.get(row["id"])))
            else:
                yield Invalid("missing_id", orjson.dumps(row), "an event without a numeric id", "id", collection=COLLECTION)
        async for (row, post), jsonld in fetch_in_order(rows, self._structured_data):
            if post is not None and is_protected(post):
                row, jsonld = _without_text(row), _without_text(jsonld)
            parts = {"event": row, "post": post, "jsonld": jsonld}
            address = row.get("url") or str(self._site.route(f"{ROUTE}/{row['id']}"))
            yield RawRecord(f"{PREFIX}{row['id']}", parts, COLLECTION, url=address)
        if rows:
            checkpoint.cursors[COLLECTION] = SEEN
        total = walk.stated_total
        yield Complete(COLLECTION, total and total - len(listed) + len(published), walk.requests)

    async def ask(self, items: Sequence[KnownItem]) -> dict[str, Liveness]:
        return {item.native_id: await self._ask_one(item.native_id.removeprefix(PREFIX)) for item in items}

    async def _walk(self, *, may_be_absent: bool) -> Walk:
        rows: list[dict[str, Any]] = []
        total: int | None = None
        page, ids = 0, set[Any]()
        while True:
            page += 1
            answer = await self._site.fetch(ROUTE, {**WINDOW, "page": page}, expect=(200, 404))
            if answer.status == 404 and not (page == 1 and may_be_absent and answer.code == NO_ROUTE):
                _refuse_unless_empty(answer, page)
            if answer.status == 404:
                return Walk([], 0, page)
            if not isinstance(answer.value, dict) or "events" not in answer.value:
                raise SourceError("syntax", f"{ROUTE} did not answer an object with events")
            found = rows_of(answer.value["events"], ROUTE)
            fresh = {row.get("id") for row in found}
            if len(fresh) < len(found) or (found and fresh <= ids):
                raise SourceError("duplicate", f"{ROUTE} gave the same events twice on page {page}")
            ids |= fresh
            rows += found
            total = _number(answer.value.get("total"), header_number(answer.headers, "x-tec-total"))
            pages = _number(answer.value.get("total_pages"), header_number(answer.headers, "x-tec-totalpages"))
            if not found or not (page < pages if pages is not None else answer.value.get("next_rest_url")):
                break
        if total is not None and len(rows) != total:
            raise SourceError("total", f"{ROUTE} states {total} events and listed {len(rows)}")
        return Walk(rows, total, page)

    async def _complete(self, walk: Walk, posts: Mapping[int, Any]) -> list[dict[str, Any]]:
        """Each event once. The list is in order of the start and nothing else, so events of equal start may come twice at
        the edge of two pages while others are skipped: those are asked singly. Raises SourceError(`duplicate`)."""
        listed = {row["id"]: row for row in walk.rows if isinstance(row.get("id"), int)}
        doubles = len([row for row in walk.rows if isinstance(row.get("id"), int)]) - len(listed)
        if not doubles:
            return walk.rows
        skipped = [number for number in posts if number not in listed]
        if len(skipped) != doubles:
            raise SourceError("duplicate", f"{ROUTE} listed {doubles} events twice: it changed while being read")
        rows = list(listed.values())
        async for number, answer in fetch_in_order(skipped, lambda one: self._site.fetch(f"{ROUTE}/{one}")):
            if not isinstance(answer.value, dict) or answer.value.get("id") != number:
                raise SourceError("syntax", f"{ROUTE}/{number} did not answer that event")
            rows.append({key: value for key, value in answer.value.items() if key != "json_ld"})
        return rows

    async def _posts(self) -> dict[int, dict[str, Any]]:
        route = "wp/v2/" + await self._site.rest_base("tribe_events", "tribe_events")
        walk = await self._site.walk(route, {"_fields": "id,status,meta,content.protected"}, absent_is_empty=True)
        return {row["id"]: row for row in walk.rows if isinstance(row.get("id"), int)}

    async def _structured_data(self, asked: tuple[dict[str, Any], dict[str, Any] | None]) -> Any:
        """What only the single answer tells of an event whose status `wp/v2` does not state."""
        row, post = asked
        meta = post.get("meta") if post is not None else None
        if isinstance(meta, dict) and STATUS in meta:
            return None
        answer = await self._site.fetch(f"{ROUTE}/{row['id']}", expect=(200, 400, 403, 404))
        return answer.value.get("json_ld") if answer.status == 200 and isinstance(answer.value, dict) else None

    async def _ask_one(self, number: str) -> Liveness:
        try:
            answer = await self._site.fetch(f"{ROUTE}/{number}", expect=(200, 404, *GONE_CODES))
        except SourceError:
            return Liveness.UNKNOWN
        if answer.status == 200:
            return _liveness_of(answer, number)
        if answer.code == "event-not-found" or answer.code == GONE_CODES.get(answer.status):
            return Liveness.GONE
        return Liveness.UNKNOWN


def _liveness_of(answer: Answer, number: str) -> Liveness:
    if not isinstance(answer.value, dict) or str(answer.value.get("id")) != number:
        return Liveness.UNKNOWN
    return Liveness.ALIVE if answer.value.get("status") == "publish" else Liveness.GONE


def _without_text(value: Any) -> Any:
    """An event or its structured data without what the password keeps back."""
    nodes = value if isinstance(value, list) else [value]
    left = [
        {key: part for key, part in node.items() if key not in ("description", "excerpt")} if isinstance(node, dict) else node
        for node in nodes
    ]
    return left if isinstance(value, list) else left[0]


def _refuse_unless_empty(answer: Answer, page: int) -> None:
    if page > 1 and answer.code == PAST_THE_END:
        raise SourceError("total", f"{ROUTE} shrank while it was read")
    if answer.code != PAST_THE_END:
        raise SourceError("status", f"{ROUTE} answered 404 {answer.code or ''}: is The Events Calendar still active?".rstrip())


def _number(value: Any, other: int | None) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdigit() else other

"""Reads Noorderlink's list page by page; the stated total is the proof that all was read.

`GET /api/backend/vacancies/1.2/vacancies/filter?query=&limit=100&page=1` → `{"total_items": n, "items": […]}`. There
is no date of change, no filter by date and no list of withdrawals: snapshot, hash, diff. A total that moves while
paging, or an id that comes twice, means that the list shifted under the walk: it is read to its end, since what it shows
is there, and then the run fails, so that nothing counts as absent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import orjson
from yarl import URL

from hub.sdk import (
    Checkpoint,
    Complete,
    Invalid,
    KnownItem,
    Liveness,
    NotModified,
    PullOnly,
    RawRecord,
    SourceContext,
    SourceError,
    SourceEvent,
)
from hub.sdk.ask import ask_all
from hub.sdk.http import Response
from hub.sdk.record import to_native_id

LIST_PATH = "api/backend/vacancies/1.2/vacancies/filter"
PAGE_SIZE = 100
MOST_PAGES = 1_000
PAGES = "pages"


class Source(PullOnly):
    def __init__(self, context: SourceContext) -> None:
        self._context = context
        self._headers = {"Authorization": f"Bearer {context.credential}"} if context.credential else {}

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        first = await self._get(1, conditional=True)
        pages = checkpoint.cursors.get(PAGES, "")  # without it nobody knows how many pages "unchanged" would have to mean
        if first.not_modified and pages.isdigit() and await self._is_rest_unchanged(int(pages)):
            yield NotModified()
            return
        if first.status != 200:
            first = await self._get(1, conditional=False)
        total, items = _page(first)
        totals, read = [total], 0
        seen, doubles = set[str](), list[str]()
        while True:
            for item in items:
                read += 1
                event = self._event(item)
                key = event.native_id or f"without an id {read}"
                if key in seen:
                    doubles.append(key)
                    continue
                seen.add(key)
                yield event
            if read >= totals[0] or not items or len(totals) >= MOST_PAGES:
                break
            total, items = _page(await self._body_of(len(totals) + 1))
            totals.append(total)
        _check(totals, doubles, read)
        checkpoint.cursors[PAGES] = str(len(totals))
        yield Complete(stated_total=total, requests=len(totals))

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        return await ask_all(self._context.http, items)

    async def _is_rest_unchanged(self, pages: int) -> bool:
        for number in range(2, pages + 1):
            if not (await self._get(number, conditional=True)).not_modified:
                return False
        return True

    async def _body_of(self, number: int) -> Response:
        """A page with its body: a 304 has none, and one changed page makes the others needed again."""
        response = await self._get(number, conditional=True)
        return response if response.status == 200 else await self._get(number, conditional=False)

    async def _get(self, number: int, *, conditional: bool) -> Response:
        url = (self._context.base_url / LIST_PATH).with_query(query="", limit=PAGE_SIZE, page=number)
        return await self._context.http.get(url, accept="application/json", conditional=conditional, headers=self._headers)

    def _event(self, item: Any) -> RawRecord | Invalid:
        if not isinstance(item, dict):
            return Invalid("wrong_type", orjson.dumps(item), "a list item is not an object")
        native_id = to_native_id(item.get("id"))
        if native_id is None:
            return Invalid("missing_id", orjson.dumps(item), "an item has no id", field="item.id")
        return RawRecord(native_id, {"item": item}, url=page_url(self._context.base_url, item.get("slug")))


def page_url(base_url: URL, slug: Any) -> str | None:
    """Address of an item's own page."""
    return str(base_url / "vacature" / slug.strip("/")) if isinstance(slug, str) and slug.strip("/ ") else None


def _check(totals: list[int], doubles: list[str], read: int) -> None:
    """Raises SourceError when the pages contradict each other. `totals`: what each page stated."""
    if len(set(totals)) > 1:
        raise SourceError("total", f"total_items went from {min(totals)} to {max(totals)} within {len(totals)} pages")
    if doubles:
        raise SourceError("duplicate", f"the id {doubles[0]} is listed twice")
    if read != totals[0]:
        raise SourceError("total", f"total_items says {totals[0]}, {read} items were listed")


def _page(response: Response) -> tuple[int, list[Any]]:
    """Raises SourceError when the answer is not the list's format."""
    tree = response.json()
    if not isinstance(tree, dict) or not isinstance(tree.get("items"), list):
        raise SourceError("syntax", f"{response.url} has no list of items")
    total = tree.get("total_items")
    total = int(total) if isinstance(total, str) and total.isdecimal() else total
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise SourceError("total", f"{response.url} states no total_items")
    return total, tree["items"]

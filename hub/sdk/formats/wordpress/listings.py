"""WP Job Manager listings: REST for identity, text and meta; the listing's own page for what REST hides.

Parts of a record: `listing` (REST), `jsonld` (the page's JobPosting or null), `types` and `categories` (its terms),
`site` (the site's time zone). A page is fetched for a listing that is new, changed or due (see `memory`); a page is
believed only when it proves to be this listing's, because WordPress redirects a withdrawn one to its neighbour.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import orjson
from yarl import URL

from hub.errors import SourceError
from hub.sdk.formats.ordered import fetch_in_order
from hub.sdk.formats.schema_org.jsonld import is_of_type, nodes_of_page
from hub.sdk.formats.wordpress.answer import is_protected, number_of, rows_of
from hub.sdk.formats.wordpress.memory import Memory, digest_of
from hub.sdk.formats.wordpress.page import belongs_to
from hub.sdk.formats.wordpress.site import PER_PAGE, WordPressSite, check_counts
from hub.sdk.formats.wordpress.text import stable_markup
from hub.sdk.record import Complete, Invalid, KnownItem, Liveness, RawRecord, SourceEvent, Unchanged
from hub.sdk.source import Checkpoint

COLLECTION = "listings"
PREFIX = "listing-"
GONE_CODES = {401: "rest_forbidden", 404: "rest_post_invalid_id"}
CONTROLS = 3
MOST_FOREIGN_PAGES = 3


class Listings:
    """The collection `listings`; native ids are `listing-{post id}`."""

    def __init__(self, site: WordPressSite) -> None:
        self._site = site

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        """Every published listing, then `Complete`. Raises SourceError."""
        memory = Memory(checkpoint.cursors.get(COLLECTION))
        walk = await self._site.walk(await self._route())
        types = await self._terms("job-types", walk.rows)
        categories = await self._terms("job-categories", walk.rows)
        shown = _shown(walk.rows)
        listed: list[dict[str, Any]] = []
        for row in shown:
            if isinstance(row.get("id"), int):
                listed.append(self._parts(row, types, categories))
            else:
                yield Invalid("missing_id", orjson.dumps(row), "a listing without a numeric id", "id", collection=COLLECTION)
        read = foreign = 0
        async for (parts, _), page in fetch_in_order([(parts, memory) for parts in listed], self._look):
            if page is not None and not memory.was_foreign(parts["listing"]["id"]):
                read += 1
                foreign += not page[0]
            yield self._event(parts, page, memory)
        if foreign >= MOST_FOREIGN_PAGES and foreign * 2 > read:
            raise SourceError(
                "content_type", f"{foreign} of {read} pages are not those of their listings: maintenance or a login?"
            )
        checkpoint.cursors[COLLECTION] = memory.to_text()
        total = walk.stated_total
        yield Complete(COLLECTION, total and total - len(walk.rows) + len(shown), walk.requests)

    async def ask(self, items: Sequence[KnownItem]) -> dict[str, Liveness]:
        """`include=` sorts out the living, 100 at a time; the rest is asked singly, some of the living with them.

        When a living one answers otherwise singly, the single route is broken and proves nothing about the others.
        A site may keep listings out of its lists that are filled, or closed to this reader: one that is left out and
        answers as such has gone.
        """
        names = {item.native_id.removeprefix(PREFIX): item.native_id for item in items}
        ids = {int(text): native_id for text, native_id in names.items() if text.isdigit()}
        alive = await self._included(list(ids))
        missing = [number for number in ids if number not in alive]
        verdicts = {ids[number]: Liveness.ALIVE for number in alive}
        if not missing:
            return verdicts
        for control in sorted(alive)[:CONTROLS]:
            if await self._ask_one(control) is not Liveness.ALIVE:
                return verdicts
        for absent in missing:
            verdicts[ids[absent]] = await self._ask_one(absent, is_left_out=True)
        return verdicts

    async def _route(self) -> str:
        return "wp/v2/" + await self._site.rest_base("job_listing", "job-listings")

    async def _terms(self, taxonomy: str, rows: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
        if not any(row.get(taxonomy) for row in rows):
            return {}
        walk = await self._site.walk(f"wp/v2/{taxonomy}", absent_is_empty=True)
        kept = ("id", "name", "slug", "parent", "meta")
        return {
            term["id"]: {key: term[key] for key in kept if key in term} for term in walk.rows if isinstance(term.get("id"), int)
        }

    def _parts(
        self, row: dict[str, Any], types: Mapping[int, dict[str, Any]], categories: Mapping[int, dict[str, Any]]
    ) -> dict[str, Any]:
        listing = {key: value for key, value in row.items() if key not in ("_links", "_embedded")}
        return {
            "listing": listing,
            "jsonld": None,
            "types": [types[number] for number in _numbers(row.get("job-types")) if number in types],
            "categories": [categories[number] for number in _numbers(row.get("job-categories")) if number in categories],
            "site": self._site.clock,
        }

    async def _look(self, asked: tuple[dict[str, Any], Memory]) -> tuple[bool, dict[str, Any] | None] | None:
        """The page's facts as (whether the page is the listing's, its JobPosting); None when it need not be read."""
        parts, memory = asked
        listing = parts["listing"]
        if memory.is_settled(listing["id"], _digest_of(parts)):
            return None
        if _is_filled(listing) or not isinstance(listing.get("link"), str):
            return True, None  # a filled listing's page carries no structured data
        response = await self._site.fetch_page(listing["link"])
        if response is None:
            return False, None
        return _job_posting(response.body, response.url, listing)

    def _event(self, parts: dict[str, Any], page: tuple[bool, dict[str, Any] | None] | None, memory: Memory) -> SourceEvent:
        number = parts["listing"]["id"]
        digest = _digest_of(parts)
        native_id = f"{PREFIX}{number}"
        if page is None:
            memory.keep(number, digest)
            return Unchanged(native_id, COLLECTION)
        is_own, jsonld = page
        if is_own:
            memory.keep(number, digest)
        else:
            memory.keep_foreign(number)
        if not is_own and memory.is_unchanged(number, digest):
            return Unchanged(native_id, COLLECTION)  # a page that is not its own says nothing new; it is read again next time
        if jsonld is not None and is_protected(parts["listing"]):
            jsonld = {key: value for key, value in jsonld.items() if key != "description"}  # behind a password on the site
        address = self._site.route(f"wp/v2/job-listings/{number}")
        return RawRecord(native_id, {**parts, "jsonld": jsonld}, COLLECTION, url=parts["listing"].get("link") or str(address))

    async def _included(self, numbers: list[int]) -> set[int]:
        alive: set[int] = set()
        route = await self._route()
        for start in range(0, len(numbers), PER_PAGE):
            chunk = numbers[start : start + PER_PAGE]
            asked: dict[str, str | int] = {
                "include": ",".join(map(str, chunk)),
                "per_page": PER_PAGE,
                "_fields": "id,status,title,link,meta",
            }
            answer = await self._site.fetch(route, asked)
            rows = rows_of(answer.value, route)
            check_counts(route, rows, None)
            published = [row for row in rows if row.get("status", "publish") == "publish" and not _is_closed(row)]
            alive |= {row["id"] for row in published if row.get("id") in chunk}
        return alive

    async def _ask_one(self, number: int, *, is_left_out: bool = False) -> Liveness:
        try:
            answer = await self._site.fetch(f"{await self._route()}/{number}", expect=(200, *GONE_CODES))
        except SourceError:
            return Liveness.UNKNOWN
        if answer.status != 200:
            return Liveness.GONE if answer.code == GONE_CODES[answer.status] else Liveness.UNKNOWN
        if not isinstance(answer.value, dict) or answer.value.get("id") != number:
            return Liveness.UNKNOWN
        is_hidden = is_left_out and (_is_filled(answer.value) or _is_closed(answer.value))
        return Liveness.GONE if is_hidden or answer.value.get("status") != "publish" else Liveness.ALIVE


def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The listings that this reader may see. Raises SourceError(`credential`) where the site shows none of them."""
    shown = [row for row in rows if not _is_closed(row)]
    if rows and not shown:
        raise SourceError("credential", f"the site shows none of its {len(rows)} listings to this reader: configure a credential")
    return shown


def _is_closed(listing: Mapping[str, Any]) -> bool:
    """Whether the site keeps a listing from this reader, by a password or a right that it lacks: the title is empty then,
    and the link, which no listing is without, left out. Older versions of WP Job Manager show title and meta instead."""
    title = listing.get("title")
    return "link" not in listing and isinstance(title, dict) and not title.get("rendered")


def _digest_of(parts: dict[str, Any]) -> str:
    """A hash of what REST said; the numbers that rendering gives to blocks are no news."""
    listing, content = parts["listing"], parts["listing"].get("content")
    if isinstance(content, dict) and isinstance(content.get("rendered"), str):
        listing = {**listing, "content": {**content, "rendered": stable_markup(content["rendered"])}}
    return digest_of({**parts, "listing": listing})


def _job_posting(body: bytes, url: URL, listing: Mapping[str, Any]) -> tuple[bool, dict[str, Any] | None]:
    """(whether the page is the listing's and whole, its JobPosting)."""
    page = nodes_of_page(body)
    jobs = [node for node in page.nodes if is_of_type(node, "JobPosting")]
    own = next((node for node in jobs if _is_about(node, listing)), None)
    if own is not None:
        return True, own
    if not belongs_to(body, url, listing) or (not jobs and page.is_truncated):
        return False, None
    return True, jobs[0] if len(jobs) == 1 else None


def _is_about(node: Mapping[str, Any], listing: Mapping[str, Any]) -> bool:
    identifier = node.get("identifier")
    value = identifier.get("value") if isinstance(identifier, dict) else identifier
    guid = listing.get("guid")
    rendered = guid.get("rendered") if isinstance(guid, dict) else guid
    return (bool(value) and value == rendered) or (bool(node.get("url")) and node.get("url") == listing.get("link"))


def _is_filled(listing: Mapping[str, Any]) -> bool:
    meta = listing.get("meta")
    return isinstance(meta, dict) and str(meta.get("_filled", "0")) in ("1", "True")


def _numbers(value: Any) -> list[int]:
    return [number for one in value if isinstance(number := number_of(one), int)] if isinstance(value, list) else []

"""A site of pages with schema.org markup as a collection: walk the sitemap, read what is new, yield its items.

A page is fetched when it is new, its `lastmod` moved, the `lastmod` proves nothing (absent, or of a day that is not yet
over), or its turn has come; else its items are `Unchanged`. Which ids they have is `identity`'s affair.
A listed page that answers 404 or 410, forbids indexing, has no item in its markup, or says with status 200 that there is no
such page is simply absent; whether its item is gone shows when it is asked for singly. One that cannot be
had (500, 403, sent on to another host, closed by robots.txt) keeps the items that it had, and the others go on.

Parts of a record: `jsonld` (the node as the page has it), `page` (its address, and the language of the template).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
from yarl import URL

from hub.domain.records import RAW_KEPT
from hub.errors import SourceError
from hub.sdk.ask import Page as AskedPage
from hub.sdk.ask import ask_all
from hub.sdk.formats.ordered import fetch_in_order
from hub.sdk.formats.schema_org.identity import DoubleError, Identities, ids_of, mark_of
from hub.sdk.formats.schema_org.jsonld import Node, Page, is_event, nodes_of_page, types_of
from hub.sdk.formats.schema_org.page_memory import PageMemory
from hub.sdk.formats.schema_org.sitemap import ACCEPT, Entry, Sitemap, read_sitemap, to_url
from hub.sdk.formats.schema_org.values import as_address
from hub.sdk.http import OF_ONE_PAGE, Response
from hub.sdk.http_client import is_loopback
from hub.sdk.record import Complete, Invalid, KnownItem, Liveness, RawRecord, SourceEvent, Unchanged
from hub.sdk.source import Checkpoint, SourceContext

COLLECTION = "pages"
ITEM_TYPES = frozenset(("JobPosting", "Course", "EducationalOccupationalProgram"))
MOST_BAD_PAGES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What one page holds, or why it cannot be read."""

    items: list[Node] = field(default_factory=list)
    language: str | None = None
    alternates: frozenset[str] = frozenset()
    broken: tuple[bytes, str, str] | None = None
    """(what cannot be read, reason, detail)."""
    is_there: bool = True


class SchemaPages:
    """The collection `pages`. `sitemap` is a path below the base address."""

    def __init__(self, context: SourceContext, *, sitemap: str = "sitemap.xml") -> None:
        self._http = context.http
        self._base = context.base_url
        self._hosts = {_bare(host) for host in (context.base_url.host, *context.manifest.platform_hosts) if host}
        self._sitemap = context.base_url / sitemap
        self._listed: set[str] = set()
        """Paths of the pages that the last run was told of."""

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        """Every item of every listed page, then `Complete`. Raises SourceError."""
        memory = PageMemory(checkpoint.cursors.get(COLLECTION))
        sitemap, today = await self._read_sitemap(memory)
        entries = [entry for entry in sitemap.entries if self._is_ours(entry.address)]
        if sitemap.entries and not entries:
            stranger = sitemap.entries[0].address
            raise SourceError("syntax", f"no address of the sitemap is on {self._base.host}, such as {stranger}")
        listed = {entry.address for entry in entries}
        self._listed = {_path_of(URL(address)) for address in listed}
        identities = Identities(memory, listed)
        faults = _Faults()
        asked = [(entry, listed, memory, today) for entry in entries]
        async for (entry, *_), found in fetch_in_order(asked, self._look):
            known = memory.items_of(entry.address)
            if not memory.was_broken(entry.address):
                faults.note(entry, found, known)
            own, events = _events(entry, found, known, identities)
            for event in events:
                yield event
            _remember(memory, entry, found, known, own)
        faults.check()
        checkpoint.cursors[COLLECTION] = memory.to_text(sitemap.entries if sitemap.files == 1 else None)
        yield Complete(COLLECTION, None, sitemap.files + len(entries))

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        """Gone: 404, 410, noindex, another item's page, a "not found" with status 200, or a whole page without its markup."""
        asked = [KnownItem(item.native_id, item.collection, item.url and str(self._at_home(item.url))) for item in items]
        return await ask_all(self._http, asked, self._holds)

    def _holds(self, page: AskedPage, item: KnownItem) -> bool | None:
        """A listed page that one is sent on to has an item of its own: what a path names is not on it."""
        here, asked = _path_of(page.response.url), _path_of(URL(item.url or ""))
        is_anothers = here != asked and here in self._listed
        return holds(page, item, str(page.response.url) if is_anothers else item.url or "")

    async def _read_sitemap(self, memory: PageMemory) -> tuple[Sitemap, str | None]:
        first = await self._http.get(self._sitemap, accept=ACCEPT, conditional=True)
        today = _day_of(first)
        if first.status == 304:
            if memory.is_flat:
                return Sitemap(memory.entries(), 1), today
            first = await self._http.get(self._sitemap, accept=ACCEPT)
        return await read_sitemap(self._http, self._sitemap, first, self._locate), today

    def _is_ours(self, address: str) -> bool:
        url = to_url(address)
        return url is not None and _bare(url.host or "") in self._hosts

    def _locate(self, address: str) -> URL | None:
        return self._at_home(address) if self._is_ours(address) else to_url(address)

    def _at_home(self, address: str) -> URL:
        """A page of the platform's own host, asked at the base address where that is another one (a proxy, a test)."""
        url = URL(address)
        return url if url.host == self._base.host else self._base.origin().join(url.relative())

    async def _look(self, asked: tuple[Entry, set[str], PageMemory, str | None]) -> Found | None:
        """What the page holds; None when it is as it was."""
        entry, listed, memory, today = asked
        if memory.is_settled(entry, today):
            return None
        url = self._at_home(entry.address)
        try:
            response = await self._http.get(url, accept="text/html", expect=(200, 404, 410), conditional=True)
            if response.not_modified and memory.knows(entry.address):
                return None
            if response.status == 304:
                response = await self._http.get(url, accept="text/html", expect=(200, 404, 410))
        except SourceError as error:
            if error.cause not in OF_ONE_PAGE:
                raise
            if error.cause == "robots" and not memory.items_of(entry.address):
                return Found(is_there=False)  # sitemaps name pages that are not for us
            return Found(broken=(b"", error.cause, str(error)))
        return find_items(response, entry.address, listed, had_items=bool(memory.items_of(entry.address)))


def _path_of(url: URL) -> str:
    return url.raw_path_qs.rstrip("/")


def _bare(host: str) -> str:
    """With and without `www.` is one platform, and so is this machine under each of its names."""
    return "localhost" if is_loopback(host) else host.removeprefix("www.")


@dataclass
class _Faults:
    """Single pages may be broken, and neighbours go on; when most of what was read newly is, the site is."""

    read: int = 0
    bad: list[str] = field(default_factory=list)

    def note(self, entry: Entry, found: Found | None, known: Collection[str]) -> None:
        self.read += found is not None
        if found is not None and found.broken is not None:
            self.bad.append(_told_of(entry, found.broken[2]))
        elif found is not None and known and found.is_there and not found.items:
            self.bad.append(f"{entry.address} lost its markup")

    def check(self) -> None:
        """Raises SourceError(`syntax`)."""
        if len(self.bad) >= MOST_BAD_PAGES and len(self.bad) * 2 > self.read:
            raise SourceError("syntax", f"{len(self.bad)} of {self.read} pages cannot be used, such as {self.bad[0]}")


def _told_of(entry: Entry, detail: str) -> str:
    """What came of asking names the address already; what is wrong with the markup does not."""
    return detail if entry.address in detail else f"{entry.address}: {detail}"


def find_items(response: Response, address: str, listed: set[str], *, had_items: bool) -> Found:
    """The items of a page, or why it has none that can be read.

    A page without its end may have lost them on the way. Where it never had any this tells nothing: some sites leave
    the end out of every page.
    """
    if response.status != 200 or _is_closed(response):
        return Found(is_there=False)
    if response.content_type and "html" not in response.content_type and not response.content_type.startswith("text/"):
        return Found()  # a brochure, a picture
    try:
        page = nodes_of_page(response.text())
    except SourceError as error:
        return Found(broken=(response.body[:RAW_KEPT], error.cause, str(error)))
    if page.is_noindex or (str(response.url) != address and str(response.url) in listed):
        return Found(is_there=False)
    if page.is_not_found:
        return Found()
    nodes = [node for node in item_nodes(page) if not _is_teaser(node, address, listed)]
    if not nodes and page.rejected:
        block, rejected = page.rejected[0]
        return Found(broken=(block.encode()[:RAW_KEPT], rejected.reason, str(rejected)))
    if not nodes and page.is_truncated and had_items:
        return Found(broken=(response.body[-1_000:], "syntax", "the page breaks off before its end"))
    return Found(nodes, page.language, page.alternates)


def item_nodes(page: Page) -> list[Node]:
    return [node for node in page.nodes if ITEM_TYPES.intersection(types_of(node)) or (is_event(node) and node.get("startDate"))]


def holds(page: AskedPage, item: KnownItem, address: str) -> bool | None:
    """Whether the page at `address` holds the item; unknown when its markup cannot be read or the page breaks off."""
    found = nodes_of_page(page.response.text())
    if found.is_not_found:
        return False
    nodes = item_nodes(found)
    if not nodes and (found.rejected or found.is_truncated):
        return None
    return any(item.native_id in ids_of(node, address, place) for place, node in enumerate(nodes))


def _events(
    entry: Entry, found: Found | None, known: Mapping[str, int], identities: Identities
) -> tuple[dict[str, int], list[SourceEvent]]:
    """(the items that are this page's, with their marks; what the run says of it)."""
    if found is None or found.broken is not None:
        own = {native_id: mark for native_id, mark in known.items() if identities.keep(native_id, entry.address, mark)}
        if found is None or found.broken is None:
            return own, [Unchanged(native_id, COLLECTION) for native_id in own]
        raw, reason, detail = found.broken
        names: list[str | None] = list(own) or [None]
        return own, [Invalid(reason, raw, _told_of(entry, detail), "jsonld", name, COLLECTION) for name in names]
    own, events = {}, list[SourceEvent]()
    page = {"url": entry.address, "language": found.language}
    for place, node in enumerate(found.items):
        try:
            native_id = identities.take(node, entry.address, place, known, found.alternates)
        except DoubleError as double:
            detail = f"{entry.address} has the identifier of {double}"
            events.append(Invalid("duplicate_id", orjson.dumps(node)[:RAW_KEPT], detail, "identifier", None, COLLECTION))
            continue
        own[native_id] = mark_of(node)
        events.append(RawRecord(native_id, {"jsonld": node, "page": page}, COLLECTION, url=entry.address))
    return own, events


def _remember(memory: PageMemory, entry: Entry, found: Found | None, known: Mapping[str, int], own: dict[str, int]) -> None:
    """A broken page keeps its items and is read again; one that lost its items is looked at twice.

    An item belongs to the page that yielded it: a second page with its identifier is not remembered, but read in every
    run, for the first may vanish.
    """
    if found is not None and found.broken is not None:
        memory.keep_broken(entry.address, dict(known))
    elif found is None or own or (found.is_there and not known and not found.items):
        memory.keep(entry, own)
    elif found.is_there and not found.items:
        memory.forget(entry.address)


def _is_teaser(node: Mapping[str, Any], address: str, listed: set[str]) -> bool:
    """An item of an overview that has a page of its own in the sitemap."""
    own = as_address(node.get("url"), address)
    return own is not None and own != address and own.rstrip("/") != address.rstrip("/") and own in listed


def _is_closed(response: Response) -> bool:
    tags = response.headers.get("x-robots-tag", "").lower()
    return "noindex" in tags or tags.strip() == "none"


def _day_of(response: Response) -> str | None:
    """The partner's own day, by its `Date`."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None

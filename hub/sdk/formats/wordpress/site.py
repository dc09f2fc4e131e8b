"""A WordPress site over REST: where its routes are, and collections read page by page without trusting any of them.

The rest base is discovered (a `Link` header or element of the front page, else the two usual places), because a site
without pretty permalinks answers under `?rest_route=` only. A walk goes by ascending id, so that new posts land at its
end, and fails when rows, distinct ids and the stated total differ; equal counts still prove nothing over several
pages, which is why the runtime asks for what is missing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yarl import URL

from hub.errors import SourceError
from hub.sdk.formats.wordpress.answer import Answer, answer_of, header_number, rows_of
from hub.sdk.http import OF_ONE_PAGE, Response
from hub.sdk.source import SourceContext

JSON = "application/json"
PER_PAGE = 100
PAST_THE_END = "rest_post_invalid_page_number"
_API_LINK = re.compile(r"<([^<>]+)>\s*;[^,<]*rel=\"?https://api\.w\.org/\"?")
_API_ELEMENT = re.compile(r"<link\b[^>]*\brel=[\"']https://api\.w\.org/[\"'][^>]*>", re.I)
_HREF = re.compile(r"\bhref=[\"']([^\"']+)[\"']", re.I)


@dataclass(frozen=True, slots=True)
class Walk:
    """A collection as read: every row, what the site says it holds, and how many pages that took."""

    rows: list[dict[str, Any]]
    stated_total: int | None
    requests: int


class WordPressSite:
    """Routes, reading and credentials of one site. Call `open` before anything else; `close` forgets what was discovered."""

    def __init__(self, context: SourceContext) -> None:
        self._http = context.http
        self._base = context.base_url
        self._headers = _authorisation(context.credential)
        self._rest: URL | None = None
        self._rest_bases: dict[str, str] = {}
        self.clock: dict[str, Any] = {}
        """The site's own time: `{"timezone_string": …}`, or `{"gmt_offset": …}` where only an offset is set."""

    async def open(self) -> None:
        """Discover the site, once. Raises SourceError when no REST API answers or the credential is refused."""
        if self._rest is not None:
            return
        self._rest = await self._discover()
        try:
            await self._read_index()
        except SourceError:
            self._rest = None
            raise

    def close(self) -> None:
        self._rest = None
        self._rest_bases.clear()

    def route(self, path: str, query: Mapping[str, str | int] | None = None) -> URL:
        """The address of a REST route (`wp/v2/job-listings`) in this site's style of permalinks."""
        return _route(self._rest or self._base / "wp-json/", path, query)

    async def rest_base(self, post_type: str, usual: str) -> str:
        """The name under which a post type's collection is served (`job_listing` → `job-listings`)."""
        if post_type not in self._rest_bases:
            answer = await self.fetch(f"wp/v2/types/{post_type}", expect=(200, 401, 403, 404))
            found = answer.value.get("rest_base") if answer.status == 200 and isinstance(answer.value, dict) else None
            self._rest_bases[post_type] = found if isinstance(found, str) and found else usual
        return self._rest_bases[post_type]

    async def fetch(self, path: str, query: Mapping[str, str | int] | None = None, *, expect: tuple[int, ...] = (200,)) -> Answer:
        """One REST answer. Raises SourceError for HTML with 200, broken JSON, or a status that is not expected."""
        response = await self._http.get(self.route(path, query), accept=JSON, expect=expect, headers=self._headers)
        answer = answer_of(response)
        if answer.status not in expect:
            raise SourceError("status", f"{response.url} answered {answer.status} {answer.code} with status {response.status}")
        return answer

    async def walk(self, path: str, query: Mapping[str, str | int] | None = None, *, absent_is_empty: bool = False) -> Walk:
        """Every item of a `wp/v2` collection. Raises SourceError(`total` | `duplicate`) when the counts disagree.

        `absent_is_empty`: a route that does not exist (a taxonomy that is switched off) is an empty collection.
        """
        rows: list[dict[str, Any]] = []
        total: int | None = None
        page = 0
        while True:
            page += 1
            asked = {"per_page": PER_PAGE, "page": page, "orderby": "id", "order": "asc", **(query or {})}
            answer = await self.fetch(path, asked, expect=(200, 400, 404))
            if answer.status == 404 and absent_is_empty and answer.code == "rest_no_route":
                return Walk([], 0, page)
            if total is None and page > 1 and answer.code == PAST_THE_END:
                break  # a proxy took the totals, and the last page was full
            if answer.status != 200:
                raise _refusal(path, answer)
            found = rows_of(answer.value, path)
            rows += found
            total = header_number(answer.headers, "x-wp-total")
            pages = header_number(answer.headers, "x-wp-totalpages")
            if not found or (page >= pages if pages is not None else len(found) < PER_PAGE):
                break
        check_counts(path, rows, total)
        return Walk(rows, total, page)

    async def fetch_page(self, address: str) -> Response | None:
        """The HTML page of an item; none where the site does not give this one (gone, closed, broken, sent elsewhere)."""
        try:
            return await self._http.get(self.at_home(address), accept="text/html")
        except SourceError as error:
            if error.cause not in OF_ONE_PAGE:
                raise
            return None

    def at_home(self, address: str) -> URL:
        """An address of the site as reachable from here: a foreign host (`localhost` behind a proxy) becomes ours."""
        url = URL(address, encoded=True)
        home = self._rest or self._base
        if not url.is_absolute():
            return home.join(url)
        if _authority(url) in (_authority(home), _authority(self._base)):
            return url
        return URL.build(scheme=home.scheme, authority=home.authority, encoded=True).join(url.relative())

    async def _discover(self) -> URL:
        response = await self._http.get(self._base, accept="text/html", expect=(200, 401, 403, 404))
        advertised = _advertised(response)
        if advertised:
            rest = URL(advertised.replace("&#038;", "&").replace("&amp;", "&"), encoded=True)
            rest = response.url.join(rest)
            if _authority(rest) in (_authority(response.url), _authority(self._base)):
                return rest
            return URL.build(scheme=response.url.scheme, authority=response.url.authority, encoded=True).join(rest.relative())
        home = self._base if self._base.path.endswith("/") else self._base.with_path(self._base.path + "/")
        pretty = home.join(URL("wp-json/"))
        expect = (200, 301, 302, 401, 403, 404)
        answer = await self._http.get(pretty, accept=JSON, expect=expect, headers=self._headers, redirects=False)
        is_rest = answer.status in (200, 401) and answer.content_type == JSON
        return pretty if is_rest else home.with_query(rest_route="/")

    async def _read_index(self) -> None:
        answer = await self.fetch("", {"_fields": "name,namespaces,timezone_string,gmt_offset"})
        if not isinstance(answer.value, dict):
            raise SourceError("syntax", "the REST index is not an object")
        zone = answer.value.get("timezone_string")
        self.clock = {"timezone_string": zone} if zone else {"gmt_offset": answer.value.get("gmt_offset", 0)}
        if self._headers:
            # A wrong application password is not refused: the site answers 200 as to an anonymous reader.
            who = await self.fetch("wp/v2/users/me", expect=(200, 401, 403, 404))
            if who.status != 200:
                raise SourceError(
                    "credential", "the application password is not accepted (users/me): make a new one and configure it"
                )


def check_counts(where: str, rows: list[dict[str, Any]], total: int | None) -> None:
    """Raises SourceError(`duplicate` | `total`); rows without an id count as rows."""
    ids = [row["id"] for row in rows if isinstance(row.get("id"), int)]
    if len(set(ids)) != len(ids):
        raise SourceError("duplicate", f"{where} listed an item twice: it changed while being read, or a page came again")
    if total is not None and len(rows) != total:
        raise SourceError("total", f"{where} states {total} items and listed {len(rows)}")


def _refusal(path: str, answer: Answer) -> SourceError:
    if answer.code == PAST_THE_END:
        return SourceError("total", f"{path} shrank while it was read")
    return SourceError("status", f"{path} answered {answer.status} {answer.code or ''}".rstrip())


def _route(rest: URL, path: str, query: Mapping[str, str | int] | None) -> URL:
    asked = {name: str(value) for name, value in (query or {}).items()}
    if "rest_route" in rest.query:
        root = rest.query["rest_route"].rstrip("/")
        return rest.update_query({"rest_route": f"{root}/{path}", **asked})
    return rest.with_path(f"{rest.path.rstrip('/')}/{path}").with_query(asked)


def _advertised(response: Response) -> str | None:
    """The rest base that a page names; only the link with WordPress' own relation counts, never the first one."""
    header = _API_LINK.search(response.headers.get("link", ""))
    if header:
        return header[1]
    element = _API_ELEMENT.search(response.body.decode("utf-8", "replace"))
    href = _HREF.search(element[0]) if element else None
    return href[1] if href else None


def _authorisation(credential: str | None) -> dict[str, str]:
    if not credential:
        return {}
    return {"authorization": "Basic " + base64.b64encode(credential.strip().encode()).decode()}


def _authority(url: URL) -> tuple[str, int | None]:
    """Host and port, where `www.` and the two default ports make no difference."""
    port = None if url.port in (80, 443) else url.port
    return (url.host or "").removeprefix("www."), port

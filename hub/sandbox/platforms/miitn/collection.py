"""One page of a WordPress collection: filter, order, cut, totals and links, live and without a snapshot.

`orderby=modified` and `author` have no tie-break: rows of equal value come in an order that depends on the page's cut,
so a walk by them repeats some rows and misses others, as MySQL's does.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from hub.sandbox.faults import shape, window
from hub.sandbox.platforms.miitn.parameters import Query
from hub.sandbox.platforms.miitn.texture import RestError
from hub.sandbox.world import Listing

PUBLISHED = frozenset(("live", "filled", "overdue", "password"))
Terms = Callable[[Listing, str], list[int]]


def select(listings: list[Listing], query: Query, terms: Terms) -> list[Listing]:
    """Published listings, or those of the given events, that match, in order."""
    rows = [item for item in listings if _matches(item, query, terms)]
    return _ordered(rows, query)


def cut(request: web.Request, rows: list[Listing], query: Query) -> tuple[list[Listing], int, int]:
    """The page's rows, the total and the number of pages. Raises RestError past the last page."""
    rows, total = shape(request, rows)
    pages = -(-total // query.per_page)
    if query.offset is not None:
        return rows[query.offset : query.offset + query.per_page], total, pages
    if query.page > pages and total > 0:
        message = "The page number requested is larger than the number of pages available."
        raise RestError(400, "rest_post_invalid_page_number", message)
    return window(request, rows, query.page, query.per_page), total, pages


def links(address: str, given: MultiMapping[str], page: int, pages: int, home: str) -> str:
    """`rel="prev"` and `rel="next"`; with neither, the link that every answer has."""
    found = []
    if page > 1:
        found.append(f'<{_with_page(address, given, min(page - 1, pages))}>; rel="prev"')
    if page < pages:
        found.append(f'<{_with_page(address, given, page + 1)}>; rel="next"')
    return ", ".join(found) or f'<{home}/wp-json/>; rel="https://api.w.org/"'


def _with_page(address: str, given: MultiMapping[str], page: int) -> str:
    """Lists come back as `include[0]=…`, percent-encoded."""
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        if name in ("include", "exclude", "slug", "job-types", "job-categories") and value:
            pairs += [(f"{name}[{number}]", part) for number, part in enumerate(value.split(","))]
        elif name not in ("page", "rest_route"):
            pairs.append((name, value))
    route = [("rest_route", given["rest_route"])] if "rest_route" in given else []
    return f"{address}?{urlencode([*route, *pairs, ('page', str(page))])}"


def _matches(item: Listing, query: Query, terms: Terms) -> bool:
    if item.event is None and item.state not in PUBLISHED:
        return False
    if query.include is not None and item.number not in query.include:
        return False
    if item.number in query.exclude or (query.slugs and item.slug not in query.slugs):
        return False
    if query.search and query.search not in f"{item.title} {item.html}".casefold():
        return False
    if any(not set(terms(item, name)) & set(wanted) for name, wanted in query.terms.items()):
        return False
    return _in_time(item, query)


def _in_time(item: Listing, query: Query) -> bool:
    posted, modified = item.posted.replace(microsecond=0), item.modified.replace(microsecond=0)
    if (query.after is not None and posted <= query.after) or (query.before is not None and posted >= query.before):
        return False
    if query.modified_after is not None and modified <= query.modified_after:
        return False
    return query.modified_before is None or modified < query.modified_before


def _ordered(rows: list[Listing], query: Query) -> list[Listing]:
    if query.orderby == "include" and query.include is not None:
        places = {number: place for place, number in enumerate(query.include)}
        return sorted(rows, key=lambda item: places[item.number])
    if query.orderby == "include_slugs" and query.slugs:
        slugs = {slug: place for place, slug in enumerate(query.slugs)}
        return sorted(rows, key=lambda item: slugs[item.slug])
    cut_of_page = f"{query.page}:{query.per_page}:{query.offset}"

    def unstable(item: Listing) -> int:
        return zlib.crc32(f"{cut_of_page}:{item.number}".encode())

    keys: dict[str, Callable[[Listing], tuple[object, ...]]] = {
        "id": lambda item: (item.number,),
        "title": lambda item: (item.title.casefold(), item.number),
        "slug": lambda item: (item.slug,),
        "modified": lambda item: (item.modified.replace(microsecond=0), unstable(item)),
        "author": unstable_author(unstable),
    }
    key = keys.get(query.orderby, lambda item: (item.posted, item.number))
    return sorted(rows, key=key, reverse=query.order == "desc")


def unstable_author(unstable: Callable[[Listing], int]) -> Callable[[Listing], tuple[object, ...]]:
    """One editor wrote everything, so by author nothing but chance is left."""
    return lambda item: (1, unstable(item))

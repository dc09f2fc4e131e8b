"""Faults of the kinds that a feed's edge really gets, each with a short history that shows it to a reader.

A proof that never fails shows nothing; these must be found by it, and their histories be sound without them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from fakes.feed_histories import Histories
from fakes.followed_feed import SEGMENT

from hub.api import answers
from hub.api.kept import KeptAnswers
from hub.api.surfaces import pages, rpde, snapshot
from hub.domain.posting import Kind
from hub.feed import filtered_digest
from hub.feed import snapshot as feed_snapshot
from hub.feed.digest import Digest
from hub.feed.read_model import ReadModel
from hub.feed.selection import Selection


def _drop_stubs(patch: pytest.MonkeyPatch) -> None:
    load = ReadModel.load_after

    async def load_matching(*arguments: Any, **named: Any) -> Any:
        standing, changes = await load(*arguments, **named)
        return standing, [change for change in changes if change.record is not None]

    patch.setattr(ReadModel, "load_after", load_matching)


def _skip_one_in_next(patch: pytest.MonkeyPatch) -> None:
    render = pages.render_page
    patch.setattr(
        pages, "render_page", lambda a, b, c, d, link, e: render(a, b, c, d, lambda cursor, feed: link(cursor + 1, feed), e)
    )


def _say_one_tag_for_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(answers, "entity_tag", lambda body: "page")


def _forget_who_left(patch: pytest.MonkeyPatch) -> None:
    async def advance(connection: Any, known: Any, filter_: Any) -> Any:
        digest_now, live_now = await filtered_digest._count(connection, filter_)
        return (Digest.from_bytes(known.stored), known.live) if live_now < known.live else (digest_now, live_now)

    patch.setattr(filtered_digest, "_advance", advance)


def _take_a_range_of_any_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(snapshot._Download, "prepare", web.FileResponse.prepare)


def _begin_one_later(patch: pytest.MonkeyPatch) -> None:
    head = feed_snapshot._head
    patch.setattr(feed_snapshot, "_head", lambda standing, asked: head(replace(standing, position=standing.position + 1), asked))


ENERGY = {"kind": Kind.VACANCY, "sectors": ["energy"], "dutch_required": "no", "sources": ["miitn"]}
OTHER = {**ENERGY, "sectors": []}
Step = Callable[[Histories], None]


def reads(surface: str, pages: int = 1) -> Step:
    return lambda histories: histories.read(0, [surface] * pages, 2)


def _edits(number: int, look: dict[str, Any] = ENERGY) -> Step:
    return lambda histories: (histories.publish(number, look), histories.project(None))[1]


def _waits(seconds: int) -> Step:
    return lambda histories: histories.wait(seconds)


def _redefines(histories: Histories) -> None:
    histories.restart({"kind": "event"})


SEGMENT_QUERY, ENERGY_QUERY = {"segment": SEGMENT}, {"sector": "energy"}
PLANTED: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], dict[str, str], list[Step]]] = {
    "what leaves a filter is not told": (_drop_stubs, ENERGY_QUERY, [reads("pages", 3), _edits(0, OTHER), reads("pages")]),
    "next skips an item": (_skip_one_in_next, {}, [reads("pages", 3)]),
    "RPDE skips an item": (
        lambda patch: patch.setattr(rpde, "cursor_at", lambda number, base: max(0, number - base + 1)),
        {},
        [reads("rpde", 3)],
    ),
    "RPDE gives the last item again": (
        lambda patch: patch.setattr(rpde, "cursor_at", lambda number, base: max(0, number - base - 1)),
        {},
        [reads("rpde", 5)],
    ),
    "the last page is kept for an hour": (
        lambda patch: patch.setattr(pages, "LAST_PAGE_SECONDS", 3_600),
        {},
        [reads("pages", 4), reads("pages"), _edits(0), _waits(400), reads("pages", 2)],
    ),
    "every page has one validator": (_say_one_tag_for_all, {}, [reads("pages", 4), _edits(0), _waits(10), reads("pages", 2)]),
    "the hub keeps an answer after a commit": (
        lambda patch: patch.setattr(KeptAnswers, "_is_true", lambda *_: True),
        {},
        [reads("pages", 4), _edits(0), _waits(10), reads("pages", 2)],
    ),
    "a filter's digest keeps what has left": (
        _forget_who_left,
        ENERGY_QUERY,
        [reads("pages", 3), _edits(0, OTHER), _waits(10), reads("pages")],
    ),
    "a snapshot's cursor is one too far": (
        _begin_one_later,
        {},
        [lambda histories: histories.begin_anew(0), _edits(0), reads("pages")],
    ),
    "a part of another snapshot is given out": (
        _take_a_range_of_any_file,
        {},
        [
            lambda histories: histories.download_on(0),
            _edits(0, OTHER),
            _waits(400),
            lambda histories: histories.download_on(0),
        ],
    ),
    "a segment's new definition has the old feed id": (
        lambda patch: patch.setattr(Selection, "feed_id", lambda _, standing: standing.feed_id),
        SEGMENT_QUERY,
        [reads("pages", 4), _redefines, reads("pages", 4)],
    ),
    "a segment's new definition has the old change numbers": (
        lambda patch: patch.setattr(Selection, "base", lambda _, standing: standing.base),
        SEGMENT_QUERY,
        [reads("rpde", 4), _redefines],
    ),
}


def play(query: dict[str, str], steps: list[Step], ends_on: str) -> None:
    """A history of three items and one reader behind a cache, proved at its end like any other."""
    histories = Histories()
    try:
        histories.start([ENERGY, OTHER, ENERGY], [(query, True)])
        for step in steps:
            step(histories)
        histories.catch_up(0, ends_on, 2)
    finally:
        histories.has_failed = True
        histories.teardown()

"""OpenActive's validator walks the RPDE feed while it changes: no failures, and what it was given is what the log says."""

from __future__ import annotations

import asyncio
import json
import random
import re
from typing import Any

import pytest
from aiohttp import web
from fakes.feed_records import faceted, id_of
from fakes.followed_feed import Clock, FollowedFeed
from fakes.judges import run_node
from fakes.plain_readers import fold, live, take_rpde

from hub.api.surfaces import rpde
from hub.domain.keys import OPPORTUNITY_ID

ITEMS, CHANGING_PAGES, EACH = 2_200, 5, 12
QUERIES = pytest.mark.parametrize("query", [{}, {"sector": "energy"}], ids=["plain", "filtered"])


class Life:
    """What goes on while the judge reads: with each page some items are edited, closed, come back or change their sector."""

    def __init__(self, feed: FollowedFeed) -> None:
        self._feed = feed
        self._chance = random.Random(7)
        self.pages = 0
        self.changed: set[str] = set()

    async def go_on(self, request: web.Request) -> None:
        if request.path != rpde.RPDE or self.pages >= CHANGING_PAGES:
            return
        self.pages += 1
        numbers = self._chance.sample(range(ITEMS), 4 * EACH)
        for at, number in enumerate(numbers):
            self._change(number, at % 4)
        self._change(ITEMS + self.pages, 0)
        await self._feed.project()

    def _change(self, number: int, what: int) -> None:
        self.changed.add(id_of(number))
        sectors = ["it_digital"] if what == 1 else ["energy"]
        state = "closed" if what == 2 else "live"
        self._feed.append(faceted(number, f"{self.pages}.{what}", ["miitn"], sectors=sectors, state=state))


@pytest.fixture
async def feed(tmp_path):
    feed = FollowedFeed(tmp_path, Clock(), public_url=None)
    for number in range(ITEMS):
        sectors, state = [["energy"], ["it_digital"]][number % 2], "closed" if number % 50 == 0 else "live"
        feed.append(faceted(number, "0", ["miitn"], sectors=sectors, state=state))
    await feed.start()
    await feed.project()
    yield feed
    await feed.stop()


async def judge(feed: FollowedFeed, query: dict[str, str]) -> tuple[list[str], list[dict[str, Any]]]:
    """What is wrong, in words, and the pages that were read. An item that changed while the judge read may come again: that
    is RPDE's way, and the validator's own page checker lets it pass; its walk does not.
    """
    life = Life(feed)
    feed.on_answer = life.go_on
    url = str(feed.server.make_url(rpde.RPDE).with_query(query))
    report = await asyncio.to_thread(run_node, "rpde.js", url, "30", package="@openactive/rpde-validator", seconds=100)
    wrong = [f"{one['type']}: {one['message']}" for one in report["found"] if one["severity"] == "failure"]
    wrong = [words for words in wrong if not (words.startswith("no_duplicate_items") and _ids(words) <= life.changed)]
    held: dict[str, Any] = {}
    pages = [json.loads(page["body"]) for page in report["pages"]]
    for page in pages:
        take_rpde(held, page["items"])
    expected = live(fold(feed.values()), query)
    differing = {id_ for id_ in held.keys() | expected.keys() if held.get(id_) != expected.get(id_)}
    assert life.pages == CHANGING_PAGES
    return wrong + [f"{id_} is not what the log says" for id_ in sorted(differing)], pages


def _ids(words: str) -> set[str]:
    return set(OPPORTUNITY_ID.findall(re.sub(r"https?://\S+", "", words))) or {"unknown"}


@QUERIES
async def test_the_judge_finds_no_failure_while_the_feed_changes_and_holds_what_is_live(feed, query):
    wrong, pages = await judge(feed, query)
    items = [item for page in pages for item in page["items"]]
    assert wrong == []
    assert len(items) >= 2_000
    assert sum(len(page["items"]) >= 500 for page in pages) >= 3
    assert {item["state"] for item in items} == {"updated", "deleted"}


PLANTED = {
    "no_duplicate_items": lambda number, base: max(0, number - base - 1),  # >= where > belongs: the last item comes again
    "is not what the log says": lambda number, base: number - base + 1 if number > base else 0,  # an item is passed over
}


@pytest.mark.parametrize("told", PLANTED)
async def test_the_same_judge_finds_an_off_by_one(feed, told, monkeypatch):
    monkeypatch.setattr(rpde, "cursor_at", PLANTED[told])
    wrong, _ = await judge(feed, {})
    assert any(told in words for words in wrong)

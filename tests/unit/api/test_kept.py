"""What is kept is true: a commit ends it, another generation ends even a settled page, and nothing outlives its minute."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from aiohttp.test_utils import make_mocked_request

from hub.api import answers
from hub.api.answers import Prepared
from hub.api.kept import ENTRY_BYTES, KEPT_SECONDS, LARGEST_BYTES, LONGEST_KEY, MOST_BYTES, KeptAnswers, keeping, once_a_turn


@dataclass
class World:
    stamp: tuple[int, int] | None = (1, 1)
    now: float = 0.0
    kept: KeptAnswers = field(init=False)

    def __post_init__(self):
        self.kept = KeptAnswers(lambda: self.stamp, lambda: self.now)


@pytest.fixture
def world():
    return World()


def prepared(size=10, max_age=2):
    return Prepared(b"x" * size, "tag", max_age, {})


def test_what_was_kept_is_given_again(world):
    one = prepared()
    world.kept.keep("key", one, (1, 1))
    assert world.kept.find("key") is one
    assert world.kept.find("another key") is None


def test_a_commit_ends_it(world):
    world.kept.keep("key", prepared(), (1, 1))
    world.stamp = (1, 2)
    assert world.kept.find("key") is None


def test_a_commit_while_it_was_made_ends_it(world):
    world.stamp = (1, 2)
    world.kept.keep("key", prepared(), (1, 1))
    assert world.kept.find("key") is None


def test_a_full_page_outlives_a_commit_and_not_another_generation(world):
    page = prepared(max_age=3_600)
    world.kept.keep("key", page, (1, 1))
    world.stamp = (1, 2)
    assert world.kept.find("key") is page
    world.stamp = (2, 1)
    assert world.kept.find("key") is None


def test_nothing_outlives_its_minute(world):
    world.kept.keep("key", prepared(max_age=3_600), (1, 1))
    world.now = KEPT_SECONDS
    assert world.kept.find("key") is None


def test_while_the_read_model_cannot_be_seen_nothing_is_given(world):
    world.kept.keep("key", prepared(), (1, 1))
    world.stamp = None
    assert world.kept.find("key") is None


def test_the_least_recently_used_go_when_there_are_too_many_bytes(world):
    fitting = MOST_BYTES // (LARGEST_BYTES + ENTRY_BYTES)
    for number in range(fitting):
        world.kept.keep(number, prepared(LARGEST_BYTES), (1, 1))
    world.kept.find(0)
    world.kept.keep("one more", prepared(LARGEST_BYTES), (1, 1))
    assert [number for number in range(fitting) if world.kept.find(number) is None] == [1]


def test_small_answers_weigh_more_than_their_bodies(world):
    """Else addresses that somebody makes up, each with a small answer, would fill the memory."""
    fitting = MOST_BYTES // ENTRY_BYTES
    for number in range(fitting + 1):
        world.kept.keep(number, prepared(0), (1, 1))
    assert world.kept.find(0) is None


async def test_what_is_asked_for_in_too_many_words_is_answered_and_not_kept(world):
    asked = []

    async def handler(request):
        asked.append(request.path)
        return prepared().to_response(request)

    handle = keeping(handler, world.kept, lambda _: "http://localhost")
    for path in ("/short", "/" + "a" * LONGEST_KEY):
        for _ in range(2):
            await handle(make_mocked_request("GET", path))
    assert [len(path) for path in asked] == [6, LONGEST_KEY + 1, LONGEST_KEY + 1]


async def test_who_asks_for_what_is_being_made_waits_for_it(world):
    asked, may_end = [], asyncio.Event()

    async def handler(request):
        asked.append(request.path)
        await may_end.wait()
        return prepared().to_response(request)

    handle = keeping(handler, world.kept, lambda _: "http://localhost")
    waiting = [asyncio.ensure_future(handle(make_mocked_request("GET", "/page"))) for _ in range(5)]
    await asyncio.sleep(0)
    may_end.set()
    assert [(await answer).status for answer in waiting] == [200] * 5
    assert asked == ["/page"]


async def test_who_waited_for_what_failed_asks_anew(world):
    asked = []

    async def handler(request):
        asked.append(request.path)
        await asyncio.sleep(0)
        if len(asked) == 1:
            raise OSError("the disk is away")
        return prepared().to_response(request)

    handle = keeping(handler, world.kept, lambda _: "http://localhost")
    first, second = (asyncio.ensure_future(handle(make_mocked_request("GET", "/page"))) for _ in range(2))
    with pytest.raises(OSError, match="disk"):
        await first
    assert (await second).status == 200
    assert len(asked) == 2


async def test_in_one_turn_of_the_loop_the_stamp_is_asked_for_once():
    asked = []
    stamp = once_a_turn(lambda: asked.append(None) or (1, len(asked)))
    assert [stamp(), stamp()] == [(1, 1), (1, 1)]
    await asyncio.sleep(0)
    assert stamp() == (1, 2)


async def test_many_who_ask_for_a_packed_form_share_one(monkeypatch):
    packed = []
    monkeypatch.setattr(answers, "_pack", lambda body: packed.append(body) or b"packed")
    one = prepared(answers.THREAD_FROM_BYTES)
    assert await asyncio.gather(*(one.pack() for _ in range(5))) == [b"packed"] * 5
    assert len(packed) == 1


def test_a_packed_form_counts_when_it_is_made(world):
    """Otherwise a small limit would be a large one: most answers are asked for packed."""
    one = prepared(LARGEST_BYTES)
    world.kept.keep(0, one, (1, 1))
    one._packed = b"y" * LARGEST_BYTES
    world.kept.find(0)
    for number in range(1, MOST_BYTES // LARGEST_BYTES):
        world.kept.keep(number, prepared(LARGEST_BYTES), (1, 1))
    assert world.kept.find(0) is None


def test_what_is_too_large_is_not_kept(world):
    world.kept.keep("key", prepared(LARGEST_BYTES + 1), (1, 1))
    assert world.kept.find("key") is None

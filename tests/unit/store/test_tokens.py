"""Subscribers and tokens in hub.db: what is kept, when a token ends, what a rotation leaves."""

from __future__ import annotations

import pytest

from hub.errors import HubError
from hub.settings import Settings
from hub.store import tokens
from hub.store.hub_db import open_hub_db

NOW = 1_800_000_000_000
HOUR = 3_600_000


@pytest.fixture
async def engine(tmp_path):
    engine = await open_hub_db(Settings(state_dir=tmp_path))
    yield engine
    await engine.dispose()


async def added(engine, name="portal", **arguments):
    return await tokens.add_subscriber(engine, name, "", ["read"], now_ms=NOW, **arguments)


async def found(engine, given):
    return await tokens.find_token(engine, tokens.split(given)[0])


async def ended_at(engine, given, now_ms):
    return (await found(engine, given)).ended_at(now_ms)


async def test_a_token_is_found_by_its_key_id_and_its_secret_fits(engine):
    given = await added(engine)
    keyid, secret = tokens.split(given)
    token = await tokens.find_token(engine, keyid)
    assert (token.subscriber, token.scopes, token.is_secret(secret), token.is_secret("0" * 64)) == (
        "portal",
        {"read"},
        True,
        False,
    )


async def test_the_database_file_holds_no_secret(engine, tmp_path):
    _, secret = tokens.split(await added(engine))
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("hub.db*"))
    assert (b"portal" in kept, secret.encode() in kept) == (True, False)


async def test_two_tokens_share_neither_key_id_nor_secret(engine):
    first, second = tokens.split(await added(engine)), tokens.split(await added(engine, "other"))
    assert not set(first) & set(second)


@pytest.mark.parametrize("text", ["", "hub_", "hub_0123456789_abc", "HUB_0123456789_" + "0" * 64, "hub_0123456789_" + "٠" * 64])
def test_what_is_no_token_is_told_by_its_form(text):
    assert tokens.split(text) is None


async def test_a_token_ends_when_it_expires(engine):
    given = await added(engine, expires_at=NOW + HOUR)
    assert await ended_at(engine, given, NOW + HOUR - 1) is None
    assert await ended_at(engine, given, NOW + HOUR) == NOW + HOUR


async def test_rotation_leaves_the_old_token_for_the_overlap(engine):
    old = await added(engine)
    new = await tokens.rotate(engine, "portal", now_ms=NOW, overlap_ms=HOUR)
    assert await ended_at(engine, old, NOW + HOUR - 1) is None
    assert await ended_at(engine, old, NOW + HOUR) == NOW + HOUR
    assert await ended_at(engine, new, NOW + 1000 * HOUR) is None


async def test_a_second_rotation_does_not_lengthen_the_first_overlap(engine):
    old = await added(engine)
    await tokens.rotate(engine, "portal", now_ms=NOW, overlap_ms=HOUR)
    await tokens.rotate(engine, "portal", now_ms=NOW + 1, overlap_ms=9 * HOUR)
    assert await ended_at(engine, old, NOW + HOUR) == NOW + HOUR


async def test_rotation_without_an_overlap_revokes_at_once(engine):
    old = await added(engine)
    await tokens.rotate(engine, "portal", now_ms=NOW, overlap_ms=0)
    assert await ended_at(engine, old, NOW) == NOW


async def test_rotation_keeps_the_scopes(engine):
    await tokens.add_subscriber(engine, "portal", "", ["push", "read"], now_ms=NOW)
    assert (await found(engine, await tokens.rotate(engine, "portal", now_ms=NOW, overlap_ms=0))).scopes == {"push", "read"}


async def test_tokens_that_ended_long_ago_leave_the_list_at_the_next_rotation(engine):
    await added(engine, expires_at=NOW + HOUR)
    await tokens.rotate(engine, "portal", now_ms=NOW + HOUR + tokens.KEPT_MS + 1, overlap_ms=0)
    [portal] = await tokens.load_subscribers(engine)
    assert len(portal.tokens) == 1


async def test_removing_a_subscriber_removes_its_tokens_and_leaves_the_others(engine):
    gone, stays = await added(engine), await added(engine, "other")
    await tokens.remove_subscriber(engine, "portal")
    assert await found(engine, gone) is None
    assert (await found(engine, stays)).subscriber == "other"
    assert [one.name for one in await tokens.load_subscribers(engine)] == ["other"]


async def test_the_latest_use_stays_whoever_notes_it(engine):
    given = await added(engine)
    keyid = tokens.split(given)[0]
    await tokens.note_use(engine, {keyid: NOW + 5})
    await tokens.note_use(engine, {keyid: NOW + 3, "unknown": NOW})
    assert (await found(engine, given)).last_used_at == NOW + 5


async def test_a_taken_name_is_refused_with_what_to_do(engine):
    await added(engine)
    with pytest.raises(HubError, match="hub subscriber rotate portal"):
        await added(engine)


@pytest.mark.parametrize("name", ["", "Portal", "a b", "x" * 65, "-a", "a\n"])
async def test_an_unusable_name_is_refused(engine, name):
    with pytest.raises(HubError, match="small letters"):
        await added(engine, name)


@pytest.mark.parametrize(
    "act",
    [lambda engine: tokens.rotate(engine, "x", now_ms=1, overlap_ms=0), lambda engine: tokens.remove_subscriber(engine, "x")],
)
async def test_an_unknown_subscriber_is_named(engine, act):
    with pytest.raises(HubError, match="no subscriber x"):
        await act(engine)

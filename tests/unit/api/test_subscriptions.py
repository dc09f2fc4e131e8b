"""`/v1/subscriptions`: made, listed, looked at, changed and deleted by their subscriber alone."""

from __future__ import annotations

import pytest
from fakes.feed_records import at_offset, id_of, opportunity
from fakes.parked import load_parked
from prometheus_client import REGISTRY

from hub.domain.opportunity import Facets
from hub.store import subscriptions
from hub.store.subscription_changes import MOST, alter_subscription
from hub.store.subscriptions import Parked, Progress
from hub.store.tokens import add_subscriber, remove_subscriber

PATH = "/v1/subscriptions"
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
async def caller(hub):
    return await token_of(hub, "portal")


async def token_of(hub, name, *scopes):
    token = await add_subscriber(hub.desk.hub_db, name, "", scopes or ("push",), now_ms=hub.now_ms)
    return {"Authorization": f"Bearer {token}"}


async def ask(hub, caller, method, path="", **how):
    answer = await hub.client.request(method, PATH + path, headers=caller, **how)
    return answer.status, await answer.json(content_type=None) if answer.status != 204 else None


async def made(hub, caller, **told):
    status, body = await ask(hub, caller, "POST", json={"url": URL, **told})
    assert status == 201, body
    return body


async def write(hub, *items, at=0):
    hub.end = at + len(items)
    await hub.projection.apply([at_offset(at + n, item) for n, item in enumerate(items)], at, hub.end)
    await hub.projection.complete()


def in_sector(number, sector, version="1", state="live"):
    return opportunity(number, version, state=state).model_copy(update={"facets": Facets(sectors=[sector])})


async def held(hub, id_):
    return set(await subscriptions.load_held_after(hub.desk.hub_db, id_, "", 1_000))


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_without_a_token_nothing_is_told(hub):
    assert (await hub.client.get(PATH)).status == 401


async def test_a_token_for_reading_is_not_enough(hub):
    status, problem = await ask(hub, await token_of(hub, "reader", "read"), "GET")
    assert (status, problem["type"]) == (403, "urn:hub:problem:scope")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/rotate"),
        ("POST", "/replay"),
        ("GET", "/attempts"),
    ],
)
async def test_another_subscribers_is_as_if_it_were_not_there(hub, caller, method, path):
    one = await made(hub, caller)
    other = await token_of(hub, "other")
    theirs = await ask(hub, other, method, f"/{one['id']}{path}", json={})
    assert theirs == await ask(hub, other, method, f"/sub_none{path}", json={})
    assert theirs[0] == 404
    assert (await ask(hub, other, "GET"))[1] == {"items": []}


# --- making one -------------------------------------------------------------------------------------------------------


async def test_the_secret_is_shown_once(hub, caller):
    one = await made(hub, caller)
    assert one["secret"].startswith("whsec_")
    for path in ("", f"/{one['id']}"):
        answer = await hub.client.get(PATH + path, headers=caller)
        assert one["secret"].removeprefix("whsec_") not in await answer.text()
        assert "secret" not in await answer.json()


async def test_it_begins_at_the_logs_start_with_nothing_held(hub, caller):
    await write(hub, opportunity(1), opportunity(2))
    one = await made(hub, caller, note="Portal team", filter={"kind": ["vacancy"]})
    _, told = await ask(hub, caller, "GET", f"/{one['id']}")
    assert {name: told[name] for name in ("state", "cursor", "lag", "held", "parked", "note", "filter")} == {
        "state": "active",
        "cursor": 0,
        "lag": 2,
        "held": 0,
        "parked": 0,
        "note": "Portal team",
        "filter": {"kind": ["vacancy"]},
    }


async def test_what_a_reader_had_at_its_cursor_counts_as_held(hub, caller):
    energy, other = (lambda n, *how: in_sector(n, "energy", *how)), (lambda n, *how: in_sector(n, "other", *how))
    await write(hub, energy(1), other(2), energy(3), energy(4), energy(5), other(6))
    await write(hub, energy(4, "2", "closed"), other(5, "2"), energy(7), at=6)
    one = await made(hub, caller, after=6, feed="topic-e1", filter={"sector": ["energy"]})
    assert await held(hub, one["id"]) == {id_of(1), id_of(3), id_of(4), id_of(5), id_of(7)}
    assert (one["cursor"], one["state"], one["reason"]) == (6, "active", "")


async def test_a_cursor_of_another_feed_is_answered_with_where_to_begin(hub, caller):
    await write(hub, opportunity(1))
    status, problem = await ask(hub, caller, "POST", json={"url": URL, "after": 1, "feed": "topic-e0"})
    assert (status, problem["feed_id"], "/v1/feed/snapshot" in problem["snapshot"]) == (410, "topic-e1", True)


async def test_a_cursor_that_is_not_read_yet_is_asked_for_again(hub, caller):
    await write(hub, opportunity(1))
    hub.end = 5
    status, _ = await ask(hub, caller, "POST", json={"url": URL, "after": 3})
    assert (status, (await ask(hub, caller, "GET"))[1]) == (503, {"items": []})


async def test_a_subscriber_has_twenty_at_most(hub, caller):
    for _ in range(MOST):
        await made(hub, caller)
    assert (await ask(hub, caller, "POST", json={"url": URL}))[0] == 409
    assert (await ask(hub, await token_of(hub, "other"), "POST", json={"url": URL}))[0] == 201


FORBIDDEN = [
    "http://portal.example.org/hook",
    "http://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/hook",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://0xa.1/hook",
    "https://0xa9fea9fe/",
    "https://2852039166/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::10.0.0.1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://portal.example.org:22/hook",
    "https://user:word@portal.example.org/hook",
    "https://portal.example.org@10.0.0.1/",
    "https://portal.example.org\\@10.0.0.1/",
    "https://portal.example.org/hook#part",
    "https://inside.example.org/hook",
    "https://half.example.org/hook",
    "https://metadata.google.internal/",
    "https://nowhere.example.org/hook",
    "https://①⓪.0.0.1/",
    "https:///hook",
    "ftp://portal.example.org/hook",
    "file:///etc/hostname",
    "portal.example.org/hook",
]


@pytest.mark.parametrize("place", ["created", "moved"])
async def test_no_subscription_goes_where_webhooks_may_not_go(hub, caller, place):
    hub.names |= {
        "portal.example.org": ["93.184.215.14"],
        "inside.example.org": ["10.1.2.3"],
        "half.example.org": ["93.184.215.14", "fd00::1"],
        "metadata.google.internal": ["169.254.169.254"],
    }
    how = ("POST", "") if place == "created" else ("PATCH", f"/{(await made(hub, caller))['id']}")
    found = {url: await ask(hub, caller, *how, json={"url": url}) for url in FORBIDDEN}
    assert {url: (status, body.get("type")) for url, (status, body) in found.items()} == dict.fromkeys(
        FORBIDDEN, (422, "urn:hub:problem:url")
    )
    assert "10.1.2.3" not in str(found["https://inside.example.org/hook"])


async def test_a_name_that_leads_to_public_addresses_is_taken(hub, caller):
    hub.names["portal.example.org"] = ["93.184.215.14", "2606:2800:21f::1"]
    await made(hub, caller, url="https://portal.example.org/hook")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": URL, "secret": "mine"}, "secret"),
        ({"url": URL, "filter": {"sector": ["power"]}}, "filter.sector"),
        ({"url": URL, "filter": {"colour": ["red"]}}, "filter.colour"),
        ({"url": URL, "after": "1"}, "after"),
        ({"url": URL, "after": True}, "after"),
        ({"url": URL, "note": "x" * 501}, "note"),
        ([], "the body"),
    ],
)
async def test_what_a_body_cannot_hold_is_named(hub, caller, body, field):
    status, problem = await ask(hub, caller, "POST", json=body)
    assert (status, problem["detail"].startswith(field)) == (400, True), problem


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{", "application/json", 400), (b"{}", "text/plain", 415), (b" " * 70_000, "application/json", 413)],
)
async def test_a_body_is_json_of_a_bounded_size(hub, caller, body, kind, status):
    answer = await hub.client.post(PATH, data=body, headers={**caller, "Content-Type": kind})
    assert answer.status == status


@pytest.mark.parametrize("filter_", [{"segment": "nobody"}, {"exclude_source": ["nobody"]}])
async def test_a_segment_or_source_that_is_not_there_is_said_to_be_missing(hub, caller, filter_):
    assert (await ask(hub, caller, "POST", json={"url": URL, "filter": filter_}))[0] == 404


# --- changing one -----------------------------------------------------------------------------------------------------


async def test_what_is_left_out_of_a_change_stays(hub, caller):
    one = await made(hub, caller, note="a", filter={"kind": ["event"]})
    _, told = await ask(hub, caller, "PATCH", f"/{one['id']}", json={"note": "b", "url": None})
    assert (told["note"], told["url"], told["filter"], told["state"]) == ("b", URL, {"kind": ["event"]}, "active")


async def test_another_filter_begins_anew_and_keeps_what_is_held(hub, caller):
    await write(hub, opportunity(1), opportunity(2))
    one = await made(hub, caller, after=2)
    before = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    _, told = await ask(hub, caller, "PATCH", f"/{one['id']}", json={"filter": {"sector": ["energy"]}})
    after = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    assert (told["cursor"], told["held"], told["filter"]) == (0, 2, {"sector": ["energy"]})
    assert after.key != before.key


async def test_the_same_filter_again_changes_nothing(hub, caller):
    await write(hub, opportunity(1))
    one = await made(hub, caller, after=1, filter={"sector": ["energy"]})
    _, told = await ask(hub, caller, "PATCH", f"/{one['id']}", json={"filter": {"sector": ["energy"]}})
    assert told["cursor"] == 1


async def test_a_pause_and_what_it_is_for(hub, caller):
    one = await made(hub, caller)
    _, told = await ask(hub, caller, "PATCH", f"/{one['id']}", json={"state": "paused"})
    assert (told["state"], told["reason"]) == ("paused", "paused by its subscriber")


@pytest.mark.parametrize(("refused", "complete"), [((), 6), ((5, 4), 3), ((6,), 5), ((1,), 0), ((0,), 0), ((9,), 6)])
async def test_another_surface_goes_on_before_the_first_that_was_refused(hub, caller, refused, complete):
    await write(hub, *(opportunity(n) for n in range(6)))
    one = await made(hub, caller, after=6)
    parked = [Parked(id_of(n), cursor, 1, 1, n % 2, "400") for n, cursor in enumerate(refused)]
    current = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    await subscriptions.advance(hub.desk.hub_db, one["id"], Progress(parked=parked), current.changed_at)
    _, told = await ask(hub, caller, "GET", f"/{one['id']}")
    assert (told["cursor"], told["complete_cursor"]) == (6, complete)


async def test_resumed_what_was_refused_is_due_at_once_and_failures_are_forgotten(hub, caller):
    one = await made(hub, caller)
    parked = [Parked(id_of(1), 1, 3, 1, hub.now_ms + 9_000_000, "400"), Parked(id_of(2), 2, 10, 1, 0, "400")]
    values = {"state": "paused", "reason": "r", "failures": 4, "refused_in_row": 20, "next_at": hub.now_ms + 9_000_000}
    current = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    await subscriptions.advance(hub.desk.hub_db, one["id"], Progress(values=values, parked=parked), current.changed_at)
    _, before = await ask(hub, caller, "GET", f"/{one['id']}")
    _, told = await ask(hub, caller, "PATCH", f"/{one['id']}", json={"state": "active"})
    found = await load_parked(hub.desk.hub_db, one["id"])
    assert (before["parked"], before["given_up"], told["parked"], told["given_up"]) == (1, 1, 2, 0)
    assert {(item.next_at, item.tries) for item in found.values()} == {(hub.now_ms, 0)}
    assert (told["state"], told["reason"], told["failures"], told["refused_in_row"], told["next_at"]) == (
        "active",
        "",
        0,
        0,
        None,
    )


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(("form", "is_taken"), [("{}", True), ("*", True), ('"x", {}', True), ('"x"', False), ("W/{}", False)])
async def test_who_names_what_it_has_seen_changes_nothing_else(hub, caller, method, form, is_taken):
    address = f"{PATH}/{(await made(hub, caller))['id']}"
    tag = (await hub.client.get(address, headers=caller)).headers["ETag"]
    answer = await hub.client.request(method, address, headers={**caller, "If-Match": form.format(tag)}, json={"note": "b"})
    assert answer.status == ((200 if method == "PATCH" else 204) if is_taken else 412)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"filter": {"kind": "event"}}, "filter.kind: give a JSON list"),
        ([], "the body: give a JSON object"),
        ({"colour": "red"}, "colour: this member is not known"),
    ],
)
async def test_what_is_wrong_with_a_body_is_told_in_the_words_of_json(hub, caller, body, detail):
    _, told = await ask(hub, caller, "PATCH", f"/{(await made(hub, caller))['id']}", json=body)
    assert told["detail"] == detail


async def test_two_changes_within_a_millisecond_can_be_told_apart(hub, caller):
    one = await made(hub, caller)
    for _ in range(2):
        await alter_subscription(hub.desk.hub_db, one["id"], hub.now_ms, note="x")
    found = await subscriptions.find_subscription(hub.desk.hub_db, one["id"])
    assert found.changed_at == hub.now_ms + 2


async def test_a_deleted_one_is_gone_with_all_that_hangs_on_it(hub, caller):
    await write(hub, opportunity(1))
    one = await made(hub, caller, after=1)
    assert (await ask(hub, caller, "DELETE", f"/{one['id']}"))[0] == 204
    assert (await ask(hub, caller, "GET", f"/{one['id']}"))[0] == 404
    assert await held(hub, one["id"]) == set()


# --- how it is answered -----------------------------------------------------------------------------------------------


async def test_nobody_keeps_an_answer_and_no_other_site_reads_it(hub, caller):
    answer = await hub.client.get(PATH, headers={**caller, "Origin": "https://evil.example"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_who_has_it_already_is_told_so(hub, caller):
    first = await hub.client.get(PATH, headers=caller)
    again = await hub.client.get(PATH, headers={**caller, "If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_the_answer_says_where_the_new_one_is(hub, caller):
    answer = await hub.client.post(PATH, headers=caller, json={"url": URL})
    place = answer.headers["Location"]
    assert place.endswith(f"{PATH}/{(await answer.json())['id']}")


async def test_methods_have_names_in_the_metrics(hub, caller):
    one = await made(hub, caller)
    route = "/v1/subscriptions/{subscription}"
    before = [REGISTRY.get_sample_value("hub_http_requests_total", _labels(route, *done)) or 0 for done in DONE]
    await ask(hub, caller, "PATCH", f"/{one['id']}", json={})
    await ask(hub, caller, "DELETE", f"/{one['id']}")
    after = [REGISTRY.get_sample_value("hub_http_requests_total", _labels(route, *done)) for done in DONE]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1]


DONE = (("PATCH", "200"), ("DELETE", "204"))


def _labels(route, method, status):
    return {"route": route, "method": method, "status": status}


async def test_who_is_removed_leaves_no_subscription(hub, caller):
    await write(hub, opportunity(1))
    one = await made(hub, caller, after=1)
    await remove_subscriber(hub.desk.hub_db, "portal")
    assert await subscriptions.load_subscriptions(hub.desk.hub_db) == []
    assert await held(hub, one["id"]) == set()

"""`hub subscription`: what the operator sees and says; every change is in the audit before it is made."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.cli import main
from hub.settings import Settings
from hub.store.hub_db import audit, open_hub_db
from hub.store.subscription_changes import make_subscription
from hub.store.subscriptions import Attempt, Parked, Progress, Subscription, advance, hold_again
from hub.store.tokens import add_subscriber

ID = "sub_0123456789abcdef0123"


@pytest.fixture
def hub(tmp_path):
    asyncio.run(_with(tmp_path, _fill))

    def run(*arguments):
        result = CliRunner().invoke(main, ["subscription", *arguments], env={"HUB_STATE_DIR": str(tmp_path)})
        return result.exit_code, result.output

    return run


async def _with(state, act):
    engine = await open_hub_db(Settings(state_dir=state))
    try:
        return await act(engine)
    finally:
        await engine.dispose()


async def _fill(engine):
    await add_subscriber(engine, "portal", "", ["push"], now_ms=1)
    secrets = {"secret": b"encrypted", "former_secret": b"encrypted", "former_until": 5}
    named = {"id": ID, "subscriber": "portal", "url": "https://portal.example.org/hook", "asked": {}, "note": ""}
    counted = {"feed_id": "f", "cursor": 7, "failures": 3, "refused_in_row": 20, "next_at": 99, "created_at": 1, "changed_at": 1}
    one = Subscription(**named, **secrets, **counted, state="paused", reason="20 were refused")
    await make_subscription(engine, one)
    await hold_again(engine, ID, ["opp-1", "opp-2"])
    refused = [Parked("opp-3", 5, 10, 1, 0, "the receiver answers 400")]
    attempts = [Attempt("msg_1", "opp-3", 5, 1_800_000_000_000, 400, "refused", "the receiver answers 400", 3)]
    await advance(engine, ID, Progress(parked=refused, attempts=attempts), 1)


def test_list_tells_states_and_why(hub):
    code, output = hub("list")
    assert (code, ID in output, "paused" in output, "20 were refused" in output) == (0, True, True, True)


def test_an_empty_list_says_so(hub):
    code, output = hub("list", "--subscriber", "nobody")
    assert (code, output.startswith("there are no subscriptions")) == (0, True)
    assert hub("list", "--subscriber", "nobody", "--json") == (0, "")


def test_no_secret_is_shown_in_any_form(hub):
    for arguments in (("list", "--json"), ("show", ID, "--json"), ("show", ID)):
        assert "secret" not in hub(*arguments)[1]


def test_show_tells_what_is_held_and_what_was_sent(hub):
    told = json.loads(hub("show", ID, "--json")[1])
    assert (told["held"], told["parked"], told["given_up"]) == (2, 0, 1)
    assert [attempt["detail"] for attempt in told["attempts"]] == ["the receiver answers 400"]
    assert "refused" in hub("show", ID)[1]


def test_resumed_it_forgets_its_failures_and_tries_what_was_refused(hub):
    assert hub("resume", ID, "--why", "repaired")[0] == 0
    told = json.loads(hub("show", ID, "--json")[1])
    assert (told["state"], told["reason"], told["failures"], told["next_at"], told["parked"]) == ("active", "", 0, 0, 1)


def test_a_pause_says_whose_it_is_and_stands_in_the_audit(hub, tmp_path):
    hub("resume", ID)
    hub("pause", ID, "--why", "they asked for it")
    told = json.loads(hub("list", "--json")[1])

    async def read(engine):
        async with engine.begin() as connection:
            return (await connection.execute(select(audit.c.what, audit.c.why))).all()

    assert (told["state"], told["reason"]) == ("paused", "paused by the operator: they asked for it")
    assert asyncio.run(_with(tmp_path, read)) == [("subscription.resume", ""), ("subscription.pause", "they asked for it")]


def test_one_that_is_not_there_is_said_to_be_missing(hub):
    code, output = hub("pause", "sub_none")
    assert (code, "hub subscription list" in output) == (1, True)

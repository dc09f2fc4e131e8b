"""Examples 01, 02, 04 and 05 do what their READMEs say, against a running hub. (03 needs none: tests/unit/examples.) What
that hub tells strangers, by Kafka, the stream and webhooks, is as its AsyncAPI document says.

So do those commands of /docs that need Kafka or a token; the others are run by tests/component/test_docs_page.py.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import Request, urlopen

import pytest
from fakes.captured import Captured, Published, consume, listen, webhook
from fakes.hook import hook
from fakes.pasted import paste, require
from fakes.running_hub import PORTS, RunningHub
from lxml import html

from hub.topics import FEED

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

EXAMPLES = Path(__file__).parents[2] / "examples"
KAFKA = EXAMPLES / "01_read_the_feed_from_kafka" / "run.py"
HTTP = EXAMPLES / "02_follow_the_feed_over_http" / "run.py"
MIRROR = EXAMPLES / "04_mirror_in_sqlite" / "run.py"
STREAM = EXAMPLES / "07_listen_to_the_stream" / "run.py"
DLT = EXAMPLES / "05_load_with_dlt" / "run.py"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[RunningHub]:
    """A hub whose world stands still, so that two readings speak of the same feed."""
    running = RunningHub(
        tmp_path_factory.mktemp("hub"),
        free_ports(PORTS),
        HUB_SANDBOX__SPEED="0",
        HUB_SANDBOX__RECORDS="120",
        HUB_DELIVERY__ALLOWED_NETWORKS="127.0.0.0/8",
    )
    try:
        running.start()
        running.until_true()
        running.until_served()
        yield running
        assert running.stop() == 0
    finally:
        running.kill_everything()


def run(program: Path, *arguments: str, **variables: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, str(program), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.splitlines()


def change(hub: RunningHub) -> None:
    """The world takes three steps, and the hub has read them to the end."""
    hub.control("step", {"n": 3})
    hub.until_true()
    hub.until_served()


def rows(path: Path, table: str) -> dict[str, str]:
    """id → version of what a database holds."""
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute(f"SELECT id, version FROM {table}").fetchall())


def held(hub: RunningHub) -> dict[str, str]:
    """id → version of what is live, folded from the log."""
    return {row["id"]: row["version"] for row in hub.live().values()}


def load(program: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(program.parent.name, program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_example_01_folds_the_whole_feed_from_kafka(hub: RunningHub) -> None:
    count, verdict = run(KAFKA, "--servers", hub.servers, "--hub", hub.http)
    assert count.startswith(f"{len(hub.live())} live opportunities up to cursor ")
    assert verdict == "complete"


def test_example_02_follows_the_feed_to_its_end(hub: RunningHub) -> None:
    (line,) = run(HTTP, "--hub", hub.http, "--rounds", "1")
    assert re.fullmatch(rf"{len(hub.live())} live opportunities at cursor \d+: complete", line)


def test_example_02_takes_changes_from_where_it_stands(hub: RunningHub) -> None:
    copy = load(HTTP).Copy(hub.http)
    copy.load_snapshot()
    change(hub)
    assert copy.catch_up()["digest"] == copy.digest()
    assert {id_: item["version"] for id_, item in copy.live.items()} == held(hub)


def test_example_02_begins_anew_when_its_cursor_means_nothing_here(hub: RunningHub) -> None:
    copy = load(HTTP).Copy(hub.http)
    copy.feed_id, copy.cursor = "another-feed", 5
    page = copy.catch_up()
    assert copy.feed_id != "another-feed"
    assert copy.digest() == page["digest"]


def test_example_04_mirrors_the_feed_and_goes_on_after_a_change(hub: RunningHub, tmp_path: Path) -> None:
    file = tmp_path / "mirror.db"
    (first,) = run(MIRROR, "--hub", hub.http, "--file", str(file))
    before = rows(file, "opportunity")
    assert first == f"{len(before)} live opportunities: complete"
    change(hub)
    (second,) = run(MIRROR, "--hub", hub.http, "--file", str(file))
    assert second.endswith(": complete")
    assert before != rows(file, "opportunity") == held(hub)


def test_example_04_mirrors_a_segment(hub: RunningHub, tmp_path: Path) -> None:
    (line,) = run(MIRROR, "--hub", hub.http, "--file", str(tmp_path / "part.db"), "--filter", "segment=internationals")
    found = {row["id"] for row in hub.live().values() if row["facets"]["dutch_required"] == "no"}
    assert line == f"{len(found)} live opportunities: complete"
    assert set(rows(tmp_path / "part.db", "opportunity")) == found


def test_example_04_begins_anew_when_its_cursor_means_nothing_here(hub: RunningHub, tmp_path: Path) -> None:
    run(MIRROR, "--hub", hub.http, "--file", str(tmp_path / "mirror.db"))
    with closing(sqlite3.connect(tmp_path / "mirror.db")) as database, database:
        database.execute("UPDATE place SET feed_id = 'another-feed', cursor = 5")
        database.execute("INSERT INTO opportunity VALUES ('of another feed', 'v', 'event', '', '', '')")
    (line,) = run(MIRROR, "--hub", hub.http, "--file", str(tmp_path / "mirror.db"))
    assert line.endswith(": complete")


def test_example_05_loads_the_feed_and_then_only_what_changed(hub: RunningHub, tmp_path: Path) -> None:
    (first,) = run(DLT, "--hub", hub.http, "--directory", str(tmp_path))
    before = rows(tmp_path / "opportunities.db", "opportunities")
    assert first.endswith(f"{len(before)} live opportunities held: complete")
    change(hub)
    (second,) = run(DLT, "--hub", hub.http, "--directory", str(tmp_path))
    assert second.endswith(": complete")
    assert before != rows(tmp_path / "opportunities.db", "opportunities") == held(hub)
    assert int(second.split()[0]) < len(before)


def test_example_05_reads_anew_when_the_feed_is_another_one(hub: RunningHub, tmp_path: Path) -> None:
    run(DLT, "--hub", hub.http, "--directory", str(tmp_path))
    state = tmp_path / "state" / "talent_hub" / "state.json"
    state.write_text(re.sub(r'("feed_id": ?")[^"]+', r"\1another-feed", state.read_text()))
    (line,) = run(DLT, "--hub", hub.http, "--directory", str(tmp_path))
    assert line.endswith(": complete")
    assert int(line.split()[0]) >= len(held(hub))


def test_example_05_reports_to_nobody(hub: RunningHub, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        run(DLT, "--hub", hub.http, "--directory", str(tmp_path), HTTPS_PROXY=address, HTTP_PROXY=address, NO_PROXY="127.0.0.1")
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()


def shown(hub: RunningHub, name: str) -> str:
    """A command as it stands on the page."""
    with urlopen(f"{hub.http}/docs", timeout=30) as answer:
        (block,) = html.document_fromstring(answer.read()).xpath(f'//pre[@data-command="{name}"]')
    return str(block.text_content())


def test_the_command_of_the_docs_page_for_kafka_reads_the_whole_topic(hub: RunningHub, tmp_path: Path) -> None:
    require("kcat")
    ran = paste(shown(hub, "kafka"), tmp_path, KAFKA=hub.servers)
    assert ran.returncode == 0, ran.stderr
    assert {line.split()[1] for line in (tmp_path / "feed.txt").read_text().splitlines()} == set(hub.feed())


def test_the_command_of_the_docs_page_for_tokens_takes_one_that_was_given_out(hub: RunningHub, tmp_path: Path) -> None:
    made = json.loads(hub.hub("subscriber", "add", "campaign", "--why", "test", "--json").stdout)
    ran = paste(shown(hub, "token"), tmp_path, TOKEN=made["token"])
    assert ran.returncode == 0, ran.stderr
    assert len(json.loads(ran.stdout)["items"]) > 50
    refused = paste(shown(hub, "token"), tmp_path, TOKEN=f"{made['token']}x")
    assert '"status":401' in refused.stdout


@pytest.fixture(scope="module")
def pushed(hub: RunningHub) -> Callable[..., Any]:
    """Asks `/v1/subscriptions` with a token that may."""
    token = json.loads(hub.hub("subscriber", "add", "hooks", "--scope", "push", "--why", "test", "--json").stdout)["token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(method: str, path: str = "", **body: object) -> Any:
        data = json.dumps(body).encode() if method != "GET" else None
        with urlopen(Request(f"{hub.http}/v1/subscriptions{path}", data, headers, method=method), timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    return ask


def test_a_webhook_subscription_ends_with_what_the_feed_holds_and_replays_from_a_time(
    hub: RunningHub, pushed: Callable[..., Any]
) -> None:
    with hook() as receiver:
        one = pushed("POST", url=receiver.url)
        receiver.trust(one["secret"])
        hub.until(lambda: receiver.live == held(hub), 150, "everything to be delivered")
        assert pushed("POST", f"/{one['id']}/test")["verdict"] == "delivered"
        time.sleep(0.01)
        since = datetime.now(UTC).isoformat(timespec="milliseconds")
        change(hub)
        hub.until(lambda: receiver.live == held(hub), 150, "the changes to be delivered")
        tested = [told["type"] for told in receiver.got].index("subscription.test")
        changed = {told["data"]["id"] for told in receiver.got[tested + 1 :]}
        before = len(receiver.got)
        pushed("POST", f"/{one['id']}/replay", since=since)
        again = {id_ for id_ in changed if id_ in receiver.live}
        hub.until(lambda: {told["data"]["id"] for told in receiver.got[before:]} >= again, 150, "the changes to come again")
        assert len(receiver.got) - before < len(receiver.live)
        assert receiver.live == held(hub)
        pushed("DELETE", f"/{one['id']}")


def test_a_webhook_subscription_takes_over_from_a_snapshot_without_a_word(hub: RunningHub, pushed: Callable[..., Any]) -> None:
    with urlopen(f"{hub.http}/v1/feed/digest", timeout=30) as answer:
        told = json.load(answer)
    with hook() as receiver:
        receiver.live = held(hub)
        one = pushed("POST", url=receiver.url, after=told["cursor"], feed=told["feed_id"])
        receiver.trust(one["secret"])
        assert pushed("GET", f"/{one['id']}")["held"] == told["counts"]["live"]
        change(hub)
        hub.until(lambda: receiver.live == held(hub), 150, "the changes to be delivered")
        assert 0 < len(receiver.got) < told["counts"]["live"]
        pushed("DELETE", f"/{one['id']}")


def test_example_07_listens_from_the_snapshot_on(hub: RunningHub) -> None:
    (line,) = run(STREAM, "--hub", hub.http, "--heartbeats", "1")
    assert re.fullmatch(rf"{len(held(hub))} live opportunities, last event .+\.\d+: complete", line)


def test_example_07_hears_what_changes_and_begins_anew_when_its_place_means_nothing(hub: RunningHub) -> None:
    listener = load(STREAM).Listener(hub.http)
    listener.last_event_id = "another.5"
    assert list(listener.listen()) == []
    heartbeats = listener.listen()
    assert next(heartbeats)
    change(hub)
    while {id_: item["version"] for id_, item in listener.live.items()} != held(hub):
        assert next(heartbeats)


@pytest.fixture(scope="module")
def captured(hub: RunningHub, pushed: Callable[..., Any]) -> list[Captured]:
    """The whole feed, as Kafka, the stream and a subscription tell it, and a test of that subscription."""
    with hook() as receiver:
        one = pushed("POST", url=receiver.url)
        receiver.trust(one["secret"])
        hub.until(lambda: receiver.live == held(hub), 150, "everything to be delivered")
        pushed("POST", f"/{one['id']}/test")
        pushed("DELETE", f"/{one['id']}")
    events = [event for query in ("", "&sector=energy") for event in listen(f"{hub.http}/v1/feed/stream?after=0{query}")]
    return [*consume(hub.servers, FEED, "record"), *events, *map(webhook, receiver.headers, receiver.got)]


def test_what_is_captured_in_a_running_hub_is_as_its_asyncapi_document_says(hub: RunningHub, captured: list[Captured]) -> None:
    told = {"record", "opportunity", "heartbeat", "opportunity.updated", "subscription.test"}
    assert {message.name for message in captured} >= told
    published = Published(hub.http)
    assert [fault for message in captured for fault in published.faults(message)] == []


def test_whatever_is_planted_in_what_was_captured_is_found(hub: RunningHub, captured: list[Captured]) -> None:
    one_of_each = {message.name: message for message in captured}.values()
    published = Published(hub.http)
    assert [wrong for message in one_of_each for wrong in published.overlooked(message)] == []

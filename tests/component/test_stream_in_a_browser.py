"""EventSource of Debian's Chromium follows the stream from a page of another origin, is stopped, and comes again.

Four readers in one page: of everything and of a filter, each once cut off (the browser comes back by itself) and once
closed by the page after some events (it goes on from the cursor that it kept). A hundred changes happen meanwhile.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

import pytest
from fakes.feed_records import faceted
from fakes.judges import chromium
from fakes.served_hub import ServedHub, served
from playwright.sync_api import Page, sync_playwright

from hub.domain.opportunity import Opportunity
from hub.settings import OpsSettings, Settings

pytestmark = pytest.mark.integration

FILTER = "sector=energy"
READERS = {"all, cut": "", "all, closed": "", "filter, cut": FILTER, "filter, closed": FILTER}
PATIENCE_MS = 100_000
SOME = 7
"""Events after which a page closes its reader."""
SCRIPT = """() => {
window.readers = {};
window.follow = (name, address, most) => {
  const reader = window.readers[name] ??= {held: {}, last: "", cursor: 0, digest: "", seen: 0, isClosed: false};
  const source = new EventSource(address);
  const take = event => { reader.last = event.lastEventId; return JSON.parse(event.data); };
  source.addEventListener("opportunity", event => {
    const item = take(event);
    if (item.state === "live") reader.held[item.id] = item.version; else delete reader.held[item.id];
    if (++reader.seen === most) { source.close(); reader.isClosed = true; }
  });
  source.addEventListener("heartbeat", event => {
    const told = take(event);
    reader.cursor = told.cursor;
    reader.digest = told.digest;
  });
};
}"""
FETCH = "([address, last]) => fetch(address, {headers: {'Last-Event-ID': last}}).then(answer => answer.status)"


def offer(number: int, version: str, *, sector: str, state: str = "live") -> Opportunity:
    return faceted(number, version, ["vonk"], sectors=[sector], state=state)


def first() -> list[Opportunity]:
    return [offer(n, "1", sector="energy" if n % 2 else "other") for n in range(60)]


def changes() -> list[Opportunity]:
    """Forty edits, half of which enter or leave the filter, thirty closures, thirty new ones."""
    edited = [offer(n, "2", sector="energy" if n % 4 > 1 else "other") for n in range(40)]
    closed = [offer(n, "3", sector="energy" if n % 2 else "other", state="closed") for n in range(25, 55)]
    return [*edited, *closed, *(offer(n, "1", sector="energy" if n % 3 else "other") for n in range(60, 90))]


@dataclass(frozen=True)
class Story:
    """What the readers held when they were stopped and in the end, and the export at both times; by query."""

    stopped: dict[str, Any]
    ended: dict[str, Any]
    exported: dict[str, dict[str, str]]
    digests: dict[str, str]
    returns: list[str]
    """`Last-Event-ID` of those who came again by themselves."""
    fetched: int
    """Status for a script that reads the stream without EventSource."""
    console: list[str]


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    """An empty page of somebody else."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b'<!doctype html><title>Portal</title><link rel="icon" href="data:,">')

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, other_site: str) -> Iterator[Story]:
    path = chromium()
    settings = Settings(state_dir=tmp_path_factory.mktemp("hub"), ops=OpsSettings(port=1))
    with served(settings, first()) as hub, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=PATIENCE_MS)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield play(hub, page, other_site)
        browser.close()


def play(hub: ServedHub, page: Page, other_site: str) -> Story:
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.goto(other_site)
    page.evaluate(SCRIPT)
    for name, query in READERS.items():
        follow(page, name, f"{hub.url}/v1/feed/stream?after=0&{query}", SOME if "closed" in name else 0)
    page.wait_for_function("end => Object.values(readers).every(one => one.cursor === end || one.isClosed)", arg=hub.end)
    stopped = page.evaluate("structuredClone(readers)")
    hub.cut(*changes())
    for name, query in READERS.items():
        if "closed" in name:
            feed_id, _, cursor = stopped[name]["last"].rpartition(".")
            follow(page, name, f"{hub.url}/v1/feed/stream?after={cursor}&feed={feed_id}&{query}", 0)
    page.wait_for_function("end => Object.values(readers).every(one => one.cursor === end)", arg=hub.end)
    returns = [request.headers["Last-Event-ID"] for request in hub.listeners if "Last-Event-ID" in request.headers]
    fetched = page.evaluate(FETCH, [f"{hub.url}/v1/feed/stream", returns[0]])
    exported = {query: export(hub, query) for query in READERS.values()}
    digests = {query: json.loads(fetch(hub, f"/v1/feed/digest?{query}"))["digest"] for query in READERS.values()}
    return Story(stopped, page.evaluate("readers"), exported, digests, returns, fetched, console)


def follow(page: Page, name: str, address: str, most: int) -> None:
    page.evaluate("([name, address, most]) => follow(name, address, most)", [name, address, most])


def fetch(hub: ServedHub, path: str) -> bytes:
    with urlopen(f"{hub.url}{path}", timeout=20) as response:
        body: bytes = response.read()
    return body


def export(hub: ServedHub, query: str) -> dict[str, str]:
    """id → version of what is live."""
    _, *lines = gzip.decompress(fetch(hub, f"/v1/feed/snapshot.ndjson.gz?{query}")).splitlines()
    return {item["id"]: item["version"] for item in map(json.loads, lines)}


@pytest.mark.parametrize("name", READERS)
def test_a_page_of_another_origin_that_was_stopped_ends_with_what_is_live(story, name):
    ended = story.ended[name]
    assert story.stopped[name]["held"] != ended["held"] == story.exported[READERS[name]]
    assert ended["digest"] == story.digests[READERS[name]]


def test_a_browser_that_was_cut_off_comes_again_with_the_last_id_that_it_saw(story):
    assert sorted(story.returns) == sorted(one["last"] for name, one in story.stopped.items() if "cut" in name)
    assert len(story.returns) == 2


def test_a_script_of_another_origin_may_send_that_id_itself(story):
    assert story.fetched == 200


@pytest.mark.parametrize("name", ["all, cut", "filter, cut"])
def test_what_happened_meanwhile_was_of_every_kind(story, name):
    before, after = story.stopped[name]["held"], story.ended[name]["held"]
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert [id_ for id_ in before.keys() & after.keys() if before[id_] != after[id_]]


def test_the_browser_complains_of_nothing_but_the_cut(story):
    assert {text.partition("net::")[0] for text in story.console} <= {"Failed to load resource: "}

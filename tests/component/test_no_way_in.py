"""No way in: what comes as bytes, names, tokens and numbers that nobody should send, against the running edge.

Whatever is sent, the connection ends within a bound, nothing of it reaches another reader's answer, no answer is a server's
fault, and a decent request is answered right after.
"""

from __future__ import annotations

import gzip
import hmac
import json
import re
import time
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fakes.partner_words import SECRET
from fakes.raw_http import Talk, connect, request, talk
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import event, records, vacancy
from fakes.shown_world import hostile
from prometheus_client import REGISTRY

from hub.api.operations import OPERATIONS
from hub.domain.opportunity import Opportunity
from hub.sdk.webhook import sign
from hub.settings import HttpSettings, OpsSettings, Settings
from hub.store import tokens

IDLE_SECONDS = 1.0
BODY_LIMIT = 10_000
PAGE = "/v1/feed/pages?limit=1"
DIGEST = "/v1/feed/digest"
SNAPSHOT = "/v1/feed/snapshot.ndjson.gz"
INBOUND = "/v1/inbound/vonk"
EVIL = "evil.example"
BREAKING = "Gala\r\nATTENDEE:mailto:x@partner.example\r\nEND:VEVENT\r\nBEGIN:VEVENT ]]> </title><script>x</script>"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, free_ports: Any) -> Iterator[ServedHub]:
    """Closes idle connections after a second; loopback is not limited."""
    http = HttpSettings(idle_seconds=IDLE_SECONDS, body_seconds=1, body_limit=BODY_LIMIT)
    state = tmp_path_factory.mktemp("hub")
    with served(Settings(state_dir=state, http=http, ops=OpsSettings(port=free_ports(10))), [*records(), *injections()]) as hub:
        yield hub


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, free_ports: Any) -> Iterator[ServedHub]:
    """Behind a believed proxy, with few requests a minute and few connections."""
    http = HttpSettings(
        trusted_proxies=["127.0.0.2"],
        unlimited=[],
        requests_per_minute=30,
        connections_per_address=5,
        idle_seconds=IDLE_SECONDS,
        public_url="https://hub.example",
    )
    state = tmp_path_factory.mktemp("strict")
    with served(Settings(state_dir=state, http=http, ops=OpsSettings(port=free_ports(10))), records()) as hub:
        yield hub


@pytest.fixture(autouse=True)
def _nothing_breaks(request: pytest.FixtureRequest, hub: ServedHub) -> Iterator[None]:
    """After each test: no answer was a server's fault, and a decent request is answered."""
    before = faults()
    yield
    answer = talk(hub.url, decent())
    assert (answer.statuses, faults() - before) == ([200], 0)


def decent() -> bytes:
    return request(DIGEST)


def faults() -> float:
    """5xx so far, but for a log that is away."""
    found = (s for metric in REGISTRY.collect() if metric.name == "hub_http_requests" for s in metric.samples)
    return sum(s.value for s in found if s.name.endswith("_total") and s.labels["status"].startswith("5"))


def injections() -> list[Opportunity]:
    """What partners should never write but do."""
    texts = {"nl": {"text": BREAKING, "origin": "source"}, "en": {"text": BREAKING}}
    return [
        hostile(),
        with_content(event(40), title=texts, canonical_url=f"https://x/{BREAKING}"),
        with_content(vacancy(41), title=texts),
    ]


def with_content(item: Opportunity, **changes: Any) -> Opportunity:
    return item.model_copy(update={"content": {**(item.content or {}), **changes}})


# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        request("/?" + "a" * 9_000),
        request(PAGE, "X: " + "a" * 9_000),
        request(PAGE, "a" * 9_000 + ": x"),
        request(PAGE, *[f"X-{number}: 1" for number in range(500)]),
        request(PAGE, *["X: " + "a" * 4_000] * 100),
    ],
    ids=["line", "value", "name", "many", "together"],
)
def test_heads_beyond_bounds_are_refused_and_the_connection_ends(hub: ServedHub, sent: bytes) -> None:
    assert talk(hub.url, sent).statuses == [400]


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(hub: ServedHub) -> None:
    assert talk(hub.url, request(INBOUND, f"Content-Length: {10**12}", method="POST")).statuses == [413]


def test_a_body_that_says_nothing_is_read_up_to_the_limit(hub: ServedHub) -> None:
    chunks = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    assert talk(hub.url, request(INBOUND, "Transfer-Encoding: chunked", method="POST"), *[chunks] * 50).statuses == [413]


def test_a_body_that_may_not_come_is_not_asked_for(hub: ServedHub) -> None:
    asked = request(INBOUND, "Content-Length: 99999999", "Expect: 100-continue", method="POST")
    assert talk(hub.url, asked).statuses == [413]


def test_nothing_but_the_body_can_be_expected(hub: ServedHub) -> None:
    assert talk(hub.url, request(PAGE, "Expect: the-unexpected")).statuses == [417]


def test_a_packed_body_is_not_opened(hub: ServedHub) -> None:
    bomb = gzip.compress(b"0" * 10**8)[: BODY_LIMIT - 1]
    sent = request(INBOUND, f"Content-Length: {len(bomb)}", "Content-Encoding: gzip", *signed(bomb), method="POST") + bomb
    assert talk(hub.url, sent).statuses == [415]


def test_a_body_where_none_belongs_is_passed_over(hub: ServedHub) -> None:
    assert talk(hub.url, request(DIGEST, "Content-Length: 5") + b"hello").statuses == [200]


# --- time -------------------------------------------------------------------------------------------------------------


def test_a_head_that_drips_ends_with_the_idle_time(hub: ServedHub) -> None:
    drops = [bytes([byte]) for byte in request(PAGE)[:25]]
    assert talk(hub.url, *drops, pause_seconds=0.1).statuses == []


def test_headers_that_drip_whole_lines_end_with_the_idle_time(hub: ServedHub) -> None:
    lines = [b"GET / HTTP/1.1\r\nHost: x\r\n", *[b"X: y\r\n"] * 30]
    assert talk(hub.url, *lines, pause_seconds=0.1).statuses == []


def test_a_body_that_drips_is_given_up(hub: ServedHub) -> None:
    head = request(INBOUND, "Content-Length: 5000", method="POST")
    found = talk(hub.url, head, *[b"a"] * 30, pause_seconds=0.1)
    assert (found.statuses, found.seconds < 6) == ([408], True)


def test_a_body_that_drips_where_none_is_read_holds_nothing_for_long(hub: ServedHub) -> None:
    found = talk(hub.url, request(DIGEST, "Content-Length: 5000"), *[b"a"] * 30, pause_seconds=0.1)
    assert (found.statuses, found.seconds < 6) == ([200], True)


def test_chunks_that_drip_are_given_up(hub: ServedHub) -> None:
    head = request(INBOUND, "Transfer-Encoding: chunked", method="POST")
    assert talk(hub.url, head, *[b"1\r\na\r\n"] * 30, pause_seconds=0.1).statuses == [408]


def test_a_silent_connection_ends(hub: ServedHub) -> None:
    assert talk(hub.url).seconds < IDLE_SECONDS + 2


def test_a_kept_connection_ends_when_nothing_follows(hub: ServedHub) -> None:
    found = talk(hub.url, request(DIGEST).replace(b"Connection: close\r\n", b""))
    assert (found.statuses, found.seconds < IDLE_SECONDS + 2) == ([200], True)


def test_many_dripping_connections_do_not_hold_up_the_others(hub: ServedHub) -> None:
    held = [connect(hub.url) for _ in range(100)]
    for connection in held:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
    started = time.monotonic()
    assert talk(hub.url, decent()).statuses == [200]
    assert time.monotonic() - started < 5
    for connection in held:
        connection.close()


def test_an_address_holds_a_bounded_number_of_connections(strict: ServedHub) -> None:
    held = [connect(strict.url) for _ in range(5)]
    time.sleep(0.1)
    with connect(strict.url) as further:
        assert further.recv(1) == b""
    for connection in held:
        connection.close()


# --- requests within requests ----------------------------------------------------------------------------------------


def test_pipelined_requests_are_answered_in_their_order(hub: ServedHub) -> None:
    one, other = (request(path).replace(b"Connection: close\r\n", b"") for path in (DIGEST, "/nothing"))
    assert talk(hub.url, (one + other) * 25).statuses == [200, 404] * 25


def test_a_flood_of_pipelined_requests_is_answered_or_cut(hub: ServedHub) -> None:
    one = b"HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    assert set(talk(hub.url, one * 1_000, request("/nothing")).statuses) == {404}


AMBIGUOUS = {
    "length and chunks": (b"Content-Length: 6\r\nTransfer-Encoding: chunked", b"0\r\n\r\nG"),
    "chunks and length": (b"Transfer-Encoding: chunked\r\nContent-Length: 6", b"0\r\n\r\nG"),
    "two lengths": (b"Content-Length: 6\r\nContent-Length: 0", b"aaaaaa"),
    "one length twice": (b"Content-Length: 0\r\nContent-Length: 0", b""),
    "list of lengths": (b"Content-Length: 0, 0", b""),
    "signed length": (b"Content-Length: +0", b""),
    "negative length": (b"Content-Length: -1", b""),
    "hexadecimal length": (b"Content-Length: 0x0", b""),
    "length with underscore": (b"Content-Length: 1_0", b""),
    "length beyond numbers": (b"Content-Length: " + b"9" * 30, b""),
    "unknown coding": (b"Transfer-Encoding: xchunked", b""),
    "chunked twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    "chunked not last": (b"Transfer-Encoding: chunked, identity", b"0\r\n\r\n"),
    "coding behind a tab": (b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
    "blank before colon": (b"Transfer-Encoding : chunked", b"0\r\n\r\n"),
    "folded line": (b"X-A: b\r\n Transfer-Encoding: chunked", b""),
    "bare line feed": (b"X-A: b\nContent-Length: 35", b""),
    "bare carriage return": (b"X-A: b\rContent-Length: 35", b""),
    "null byte": (b"X-A: b\x00c", b""),
    "no name": (b": b", b""),
    "negative chunk": (b"Transfer-Encoding: chunked", b"-1\r\n\r\n0\r\n\r\n"),
    "chunk beyond numbers": (b"Transfer-Encoding: chunked", b"f" * 20 + b"\r\n\r\n0\r\n\r\n"),
    "chunk with prefix": (b"Transfer-Encoding: chunked", b"0x0\r\n\r\n"),
    "line feed in chunk extension": (b"Transfer-Encoding: chunked", b"0;a\nb\r\n\r\n"),
}


@pytest.mark.parametrize("target", [DIGEST, INBOUND])
@pytest.mark.parametrize("form", AMBIGUOUS)
def test_what_two_readers_could_part_differently_is_refused_whole(hub: ServedHub, form: str, target: str) -> None:
    head, body = AMBIGUOUS[form]
    method = b"POST" if target == INBOUND else b"GET"
    sent = b"%b %b HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n%b" % (method, target.encode(), head, body)
    assert talk(hub.url, sent + SMUGGLED).statuses == [400]


def test_what_is_malformed_is_neither_quoted_nor_logged(hub: ServedHub, capsys: Any, caplog: Any) -> None:
    token = "hub_0123456789_" + "5" * 64
    found = talk(hub.url, request(PAGE, f"Authorization: Bearer {token}\x00"))
    told = found.text + caplog.text + "".join(capsys.readouterr())
    assert (found.statuses, "5" * 64 in told, "server: hub" in found.head, "aiohttp" in found.text) == ([400], False, True, False)


@pytest.mark.parametrize("version", ["0.9", "1.10", "2.0", "9.9", "1", "1.1x"])
def test_versions_that_are_not_spoken_are_refused(hub: ServedHub, version: str) -> None:
    found = talk(hub.url, request(DIGEST, version=version))
    assert re.match(r"HTTP/\d\.\d 400 ", found.text)


@pytest.mark.parametrize(
    "sent",
    [b"GET /\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\xa5\x01" + b"\x00" * 99, bytes(range(256)) * 8],
    ids=["0.9", "h2", "tls", "bytes"],
)
def test_what_is_no_http_is_refused(hub: ServedHub, sent: bytes) -> None:
    assert re.match(r"HTTP/\d\.\d 400 ", talk(hub.url, sent).text)


def test_http_1_0_is_answered_and_the_connection_ends(hub: ServedHub) -> None:
    found = talk(hub.url, b"GET " + DIGEST.encode() + b" HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert (found.statuses, found.seconds < IDLE_SECONDS) == ([200], True)


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "TLS/1.0"])
def test_nothing_is_upgraded(hub: ServedHub, upgrade: str) -> None:
    found = talk(hub.url, request(DIGEST, f"Upgrade: {upgrade}").replace(b"Connection: close", b"Connection: Upgrade"), decent())
    assert (found.statuses[0] in (200, 400), 101 in found.statuses) == (True, False)


# --- paths and names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../rendering.py",
        "/static/..%2f..%2frendering.py",
        "/static/%2e%2e%2frendering.py",
        "/static/..%5c..%5crendering.py",
        "/static/site.css%00",
        "/%c0%ae%c0%ae/%c0%afetc/passwd",
        "//evil.example/",
        "/v1//feed/pages",
        "/v1/x/../feed/digest",
        "/v1/./feed/digest",
        "/v1/feed/digest/",
        "/v1/feed/digest;x=1",
        "/V1/feed/digest",
        "/v1/feed/digest%3Flimit=1",
        "/v1/opportunities/%00",
        "/v1/opportunities/..%2f..%2ffeed%2fdigest",
        "/v1/opportunities/" + "a" * 7_000,
        "/nl/opportunities/%3Cscript%3E",
        "/en/segments/..%2f..%2f",
        "/%",
        "/%zz",
    ],
)
def test_no_path_leads_elsewhere(hub: ServedHub, path: str) -> None:
    found = talk(hub.url, request(path))
    assert (found.statuses, "location:" in found.head, "root:" in found.text) == ([404], False, False)


@pytest.mark.parametrize("target", ["*", "?", "", "evil.example:80", "v1/feed/digest"])
def test_targets_that_are_no_path_are_refused(hub: ServedHub, target: str) -> None:
    assert talk(hub.url, request(target)).statuses == [400]


HOSTS = [
    EVIL,
    f"{EVIL}:80",
    f"localhost@{EVIL}",
    f"localhost:80@{EVIL}",
    f"localhost, {EVIL}",
    f"127.0.0.1.{EVIL}",
    f"{EVIL}/x",
    f"{EVIL}%0d%0aX-Injected: 1",
    f"localhost:99999.{EVIL}",
    f"[::1].{EVIL}",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_strangers_name_for_the_hub_is_in_no_link(hub: ServedHub, host: str) -> None:
    told = "".join(talk(hub.url, request(path, host=host)).text for path in LINKING)
    assert (EVIL in told, "X-Injected" in told) == (False, False)


@pytest.mark.parametrize("host", ["", "a\x00b", "[::1"])
def test_a_host_that_is_none_is_refused_or_passed_over(hub: ServedHub, host: str) -> None:
    assert talk(hub.url, request(PAGE, host=host)).statuses in ([400], [200])


def test_two_hosts_are_refused(hub: ServedHub) -> None:
    assert talk(hub.url, request(PAGE, f"Host: {EVIL}")).statuses == [400]


def test_an_address_in_the_request_line_is_in_no_link(hub: ServedHub) -> None:
    assert EVIL not in talk(hub.url, request(f"http://{EVIL}{PAGE}")).text


CLAIMS = [
    f"X-Forwarded-Host: {EVIL}",
    f"X-Forwarded-Host: localhost, {EVIL}",
    f"X-Forwarded-Proto: https://{EVIL}/?",
    f"X-Forwarded-Server: {EVIL}",
    f"X-Host: {EVIL}",
    f"X-HTTP-Host-Override: {EVIL}",
    f"Forwarded: host={EVIL};proto=https",
    f"X-Original-URL: //{EVIL}/",
    f"X-Rewrite-URL: //{EVIL}/",
    f"Origin: https://{EVIL}",
    f"Referer: https://{EVIL}/",
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_a_stranger_claims_to_forward_is_in_no_answer_of_its_own_or_of_others(hub: ServedHub, claim: str) -> None:
    told = "".join(talk(hub.url, request(path, claim)).text for path in LINKING)
    told += "".join(talk(hub.url, request(path)).text for path in LINKING)
    assert EVIL not in told


def test_a_public_address_is_in_every_link_whatever_the_host(strict: ServedHub) -> None:
    told = talk(strict.url, request(PAGE, f"X-Forwarded-Host: {EVIL}", host=EVIL)).text
    assert ("https://hub.example/v1/feed/pages" in told, EVIL in told) == (True, False)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "POST", "PROPFIND", "CONNECT"])
def test_methods_that_are_not_offered_are_refused_and_nothing_is_echoed(hub: ServedHub, method: str) -> None:
    found = talk(hub.url, request(DIGEST, "X-Secret: echo-me", method=method))
    assert (found.statuses[0] in (404, 405), "echo-me" in found.text) == (True, False)


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"])
def test_no_header_makes_a_read_another_method(hub: ServedHub, name: str) -> None:
    assert talk(hub.url, request(DIGEST, f"{name}: DELETE")).statuses == [200]


@pytest.mark.parametrize("method", ["get", "G\x00T", "G T", "", "A" * 9_000])
def test_methods_that_are_no_words_are_refused(hub: ServedHub, method: str) -> None:
    assert talk(hub.url, request(DIGEST, method=method)).statuses == [400]


# --- parameters -------------------------------------------------------------------------------------------------------

PARAMETERS = [
    "limit=999999999",
    "limit=0",
    "limit=-1",
    "limit=NaN",
    "limit=Infinity",
    "limit=1e3",
    "limit=0x10",
    "limit=%D9%A3",
    "limit=" + "9" * 5_000,
    "limit",
    "limit=1&limit=2",
    "limit=1;after=2",
    "limit[]=1",
    "limit[$gt]=1",
    "limit=1%0d%0aX-Injected:1",
    "after=9223372036854775808",
    "after=-1",
    "after=1.0",
    "after=1&after=2",
    "feed=" + "a" * 4_000,
    "feed=x%0d%0aSet-Cookie:%20a=b",
    "kind=" + ",".join(["vacancy"] * 900),
    "kind=vacancy&" * 300 + "kind=vacancy",
    "kind=%00",
    "source=%27%20OR%201=1--",
    "municipality=GM0014%27--",
    "sector=__proto__",
    "segment=../../etc/passwd",
    "segment=%0d%0aSet-Cookie:%20a=b",
    "unknown=1",
    "LIMIT=1",
    "&".join(f"a{number}=1" for number in range(700)),
    "callback=alert",
]


@pytest.mark.parametrize("query", PARAMETERS, ids=lambda query: query[:24])
def test_parameters_that_mean_nothing_are_refused_and_put_nothing_into_headers(hub: ServedHub, query: str) -> None:
    found = talk(hub.url, request(f"/v1/feed/pages?{query}"))
    assert (found.statuses[0] in (400, 404, 410), "x-injected" in found.head, "set-cookie" in found.head) == (True, False, False)


@pytest.mark.parametrize(
    "path", ["/v1/opportunities/{}", "/nl/opportunities/{}", "/opportunities/{}", "/nl/segments/{}", "/segments/{}"]
)
@pytest.mark.parametrize("text", ["x%0d%0aX-Injected:%201", "x%0aSet-Cookie:%20a=b", "%E5%98%8A%E5%98%8DX-Injected:1"])
def test_no_path_puts_a_header_into_the_answer(hub: ServedHub, path: str, text: str) -> None:
    found = talk(hub.url, request(path.format(text)))
    assert not re.search(r"^(x-injected|set-cookie):", found.head, re.M)


RANGES = [
    "bytes=" + ",".join(f"{number}-{number}" for number in range(800)),
    "bytes=0-,0-,0-,0-,0-,0-,0-,0-",
    "bytes=-99999999999999999",
    "bytes=99999999999999999999999-",
    "bytes=0-99999999999999999999999",
    "bytes=5-1",
    "bytes=-0",
    "bytes=--1",
    "bytes=a-b",
    "bytes=",
    "bits=0-1",
    "bytes=0-0,-1",
    "0-1",
]


@pytest.mark.parametrize("wanted", RANGES, ids=lambda wanted: wanted[:24])
def test_no_range_makes_more_of_the_file_than_it_is(hub: ServedHub, wanted: str) -> None:
    whole = len(body_of(talk(hub.url, request(SNAPSHOT))))
    found = talk(hub.url, request(SNAPSHOT, f"Range: {wanted}"))
    assert (found.statuses[0] in (200, 206, 416), len(body_of(found)) <= whole) == (True, True)


CONDITIONS = [
    "If-None-Match: " + ", ".join(f'"{number}"' for number in range(900)),
    "If-None-Match: " + "W/" * 3_000,
    'If-None-Match: "',
    "If-None-Match: " + '"' * 8_000,
    "If-None-Match: \xff",
    "If-Modified-Since: Sun, 06 Nov 99999 08:49:37 GMT",
    "If-Modified-Since: Tue, 15 Nov 1994 12:45:26 +99999999",
    "If-Unmodified-Since: 99999999999999999999",
    'If-Range: W/"',
    "If-Match: *",
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition[:30])
@pytest.mark.parametrize("path", [DIGEST, SNAPSHOT])
def test_conditions_that_are_none_are_passed_over_quickly(hub: ServedHub, path: str, condition: str) -> None:
    found = talk(hub.url, request(path, condition))
    assert (found.statuses[0] in (200, 304, 412), found.seconds < 3) == (True, True)


CHOICES = [
    "Accept: " + ",".join(["a/b;q=0.1"] * 700),
    "Accept: */*;q=NaN",
    "Accept: text/html;q=9e999",
    "Accept: ;;;,,,",
    "Accept-Language: " + ",".join(["nl;q=0.1"] * 700),
    "Accept-Language: nl;q=inf,../../etc/passwd;q=-1",
    "Accept-Encoding: " + "gzip;q=nan," * 700,
    "Cookie: " + "a=b;" * 1_500,
    "Content-Type: \xff",
    "HX-Request: true\r\nHX-Current-URL: javascript:x",
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice[:30])
@pytest.mark.parametrize("path", ["/v1/opportunities?limit=1", "/nl/opportunities", "/"])
def test_choices_that_are_none_are_answered_quickly(hub: ServedHub, path: str, choice: str) -> None:
    found = talk(hub.url, request(path, choice))
    assert (found.statuses[0] in (200, 303, 307, 406), found.seconds < 3) == (True, True)


# --- what partners write ----------------------------------------------------------------------------------------------


class _Active(HTMLParser):
    """Elements and attributes that a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (text or "").strip().lower() for name, text in attrs}
        if tag == "script" and not given.get("src", "").startswith("/static/") and given.get("type") != "application/ld+json":
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name, text in given.items() if name.startswith("on") or text.startswith("javascript:")]


PAGES = ["/", "/nl/opportunities", "/en/opportunities", f"/nl/opportunities/{hostile().id}", f"/en/opportunities/{hostile().id}"]


@pytest.mark.parametrize("path", PAGES)
def test_no_title_becomes_markup_on_a_page(hub: ServedHub, path: str) -> None:
    found = talk(hub.url, request(path, "Accept: text/html"))
    seen = _Active()
    seen.feed(body_of(found).decode())
    assert (found.statuses, seen.found) == ([200], [])


def test_no_title_begins_a_line_of_the_calendar(hub: ServedHub) -> None:
    lines = body_of(talk(hub.url, request("/v1/feed/events.ics"))).decode().split("\r\n")
    events = [line for line in lines if line == "BEGIN:VEVENT"]
    assert (len(events), [line for line in lines if line.startswith("ATTENDEE")]) == (2, [])


def test_no_title_leaves_its_element_in_atom(hub: ServedHub) -> None:
    tree = xml.fromstring(body_of(talk(hub.url, request("/v1/feed/atom.xml"))))
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} & {"script", "img", "svg"} == set()


def test_no_title_closes_the_script_that_holds_json_ld(hub: ServedHub) -> None:
    page = body_of(talk(hub.url, request(f"/nl/opportunities/{vacancy(41).id}", "Accept: text/html"))).decode()
    data = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert [json.loads(text)["@type"] for text in data] == ["JobPosting"]


@pytest.mark.parametrize("item", injections(), ids=["hostile", "event", "vacancy"])
def test_no_text_of_an_item_puts_a_header_into_its_answer(hub: ServedHub, item: Opportunity) -> None:
    for kind in ("application/json", "application/ld+json", "text/html"):
        found = talk(hub.url, request(f"/v1/opportunities/{item.id}", f"Accept: {kind}"))
        assert (found.statuses, re.search(r"^(attendee|begin|end):", found.head, re.M)) == ([200], None)


# --- tokens and signatures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "x", "hub_", "hub_0123456789_" + "5" * 64, "\xff", "a" * 7_000, "hub_%_%"])
def test_no_text_passes_for_a_token(hub: ServedHub, text: str) -> None:
    found = talk(hub.url, request(DIGEST, f"Authorization: Bearer {text}"))
    assert (found.statuses, "www-authenticate: bearer" in found.head, "no-store" in found.head) == ([401], True, True)


def test_a_token_in_the_address_is_an_unknown_parameter(hub: ServedHub) -> None:
    assert talk(hub.url, request(f"{DIGEST}?access_token=hub_0123456789_x")).statuses == [400]


def test_guessing_ends_after_a_few_and_tells_when_to_come_again(strict: ServedHub) -> None:
    wrong = request(DIGEST, "Authorization: Bearer hub_0123456789_" + "5" * 64).replace(b"Connection: close\r\n", b"")
    statuses = talk(strict.url, wrong * 20, request(DIGEST, "Authorization: Bearer x")).statuses
    assert (statuses[:20], statuses[20:]) == ([401] * 20, [429])


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    token = tokens.Token("0123456789", "x", tokens.hash_of("s"), frozenset(), 1)
    assert (token.is_secret("t"), len(compared)) == (False, 1)


def signed(body: bytes, webhook_id: str = "m1", timestamp: int | None = None, secret: str = SECRET) -> list[str]:
    at = int(time.time()) if timestamp is None else timestamp
    return [f"webhook-id: {webhook_id}", f"webhook-timestamp: {at}", f"webhook-signature: {sign(secret, webhook_id, at, body)}"]


def push(hub: ServedHub, headers: list[str], body: bytes, target: str = INBOUND) -> Talk:
    return talk(hub.url, request(target, f"Content-Length: {len(body)}", *headers, method="POST") + body)


def test_a_signed_webhook_is_taken_once(hub: ServedHub) -> None:
    headers = signed(b"{}", "once")
    assert [push(hub, headers, b"{}").statuses for _ in range(2)] == [[202], [200]]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["webhook-id: a", "webhook-timestamp: 1", "webhook-signature: v1,"],
        signed(b"other"),
        signed(b"{}", timestamp=1),
        signed(b"{}", timestamp=int(time.time()) + 10_000),
        signed(b"{}", secret="whsec_" + "d3Jvbmch" * 4),
        [*signed(b"{}")[:2], "webhook-signature: " + "v1,AAAA " * 900],
        ["webhook-id: \xff", *signed(b"{}")[1:]],
        [signed(b"{}")[0], "webhook-timestamp: NaN", signed(b"{}")[2]],
        [signed(b"{}")[0], "webhook-timestamp: " + "9" * 5_000, signed(b"{}")[2]],
    ],
    ids=["none", "empty", "other body", "old", "future", "other secret", "many", "id", "nan", "number"],
)
def test_what_is_not_signed_by_the_partner_is_not_taken(hub: ServedHub, headers: list[str]) -> None:
    assert push(hub, headers, b"{}").statuses == [401]


@pytest.mark.parametrize("source", ["nobody", "..%2fvonk", "vonk%00", "VONK", "vonk%2f..", "%20"])
def test_no_name_passes_for_a_source(hub: ServedHub, source: str) -> None:
    assert push(hub, signed(b"{}"), b"{}", f"/v1/inbound/{source}").statuses == [404]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_an_address_that_asks_too_often_is_told_when_to_come_again(strict: ServedHub) -> None:
    one = request(DIGEST).replace(b"Connection: close\r\n", b"")
    found = talk(strict.url, one * 40, request(DIGEST))
    assert found.statuses[-1] == 429
    assert re.search(r"retry-after: \d+", found.text.lower())


# --- headers of every answer ------------------------------------------------------------------------------------------

EVERYWHERE = ["/", PAGE, DIGEST, SNAPSHOT, "/nl/opportunities", "/nothing", "/v1/opportunities/x", "/openapi.json"]
LINKING = [PAGE, "/v1/feed/rpde", "/v1/feed/atom.xml", "/v1/opportunities?limit=1", "/v1/segments", "/openapi.json", "/"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_says_what_browsers_may_do_with_it(hub: ServedHub, path: str) -> None:
    head = talk(hub.url, request(path)).head
    for line in (
        "x-content-type-options: nosniff",
        "content-security-policy: ",
        "frame-ancestors",
        "referrer-policy: ",
        "permissions-policy: ",
        "cross-origin-resource-policy: ",
        "server: hub\r\n",
    ):
        assert line in head + "\r\n", (path, line)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_any_site_may_read_and_none_with_credentials(hub: ServedHub, path: str) -> None:
    head = talk(hub.url, request(path, f"Origin: https://{EVIL}", "Cookie: a=b")).head
    assert ("access-control-allow-origin: *" in head, "allow-credentials" in head, "set-cookie" in head) == (True, False, False)


def test_a_preflight_for_a_read_is_allowed_and_one_for_a_webhook_is_not(hub: ServedHub) -> None:
    asked = (f"Origin: https://{EVIL}", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization")
    read, write = (talk(hub.url, request(path, *asked, method="OPTIONS")) for path in (PAGE, INBOUND))
    assert (read.statuses, "access-control-allow-methods: get, head" in read.head) == ([204], True)
    assert (write.statuses, "access-control-allow" in write.head) == ([405], False)


def test_https_is_asked_for_only_where_the_public_address_is_https(hub: ServedHub, strict: ServedHub) -> None:
    heads = [talk(one.url, request("/nothing")).head for one in (hub, strict)]
    assert ["strict-transport-security" in head for head in heads] == [False, True]


def test_every_operation_that_is_offered_reads_or_is_signed() -> None:
    assert [one.path for one in OPERATIONS if one.method != "GET" and not one.is_signed] == []


def body_of(found: Talk) -> bytes:
    return found.received.partition(b"\r\n\r\n")[2]

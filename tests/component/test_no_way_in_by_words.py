"""No way in by words: what partners write, tokens, signatures; and what every answer tells browsers."""

from __future__ import annotations

import gzip
import hmac
import json
import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from fakes.feed_records import id_of
from fakes.hostile_words import HOSTILE, VACANCY, injections
from fakes.partner_words import SECRET
from fakes.raw_http import Talk, request, talk
from fakes.served_hub import ServedHub

from hub.api.operation import Operation
from hub.api.operations import OPERATIONS
from hub.domain.opportunity import Opportunity
from hub.sdk.webhook import sign
from hub.store import tokens

pytestmark = pytest.mark.usefixtures("unharmed")

PAGE = "/v1/feed/pages?limit=1"
DIGEST = "/v1/feed/digest"
SNAPSHOT = "/v1/feed/snapshot.ndjson.gz"
INBOUND = "/v1/inbound/vonk"
EVIL = "evil.example"


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


PAGES = ["/", "/nl/opportunities", "/en/opportunities", f"/nl/opportunities/{HOSTILE.id}", f"/en/opportunities/{HOSTILE.id}"]


@pytest.mark.parametrize("path", PAGES)
def test_no_title_becomes_markup_on_a_page(open_edge: ServedHub, path: str) -> None:
    found = talk(open_edge.url, request(path, "Accept: text/html"))
    seen = _Active()
    seen.feed(found.body.decode())
    assert (found.statuses, seen.found) == ([200], [])


def test_no_title_begins_a_line_of_the_calendar(open_edge: ServedHub) -> None:
    lines = talk(open_edge.url, request("/v1/feed/events.ics")).body.decode().split("\r\n")
    events = [line for line in lines if line == "BEGIN:VEVENT"]
    assert (len(events), [line for line in lines if line.startswith("ATTENDEE")]) == (2, [])


def test_no_title_leaves_its_element_in_atom(open_edge: ServedHub) -> None:
    tree = ElementTree.fromstring(talk(open_edge.url, request("/v1/feed/atom.xml")).body)
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} & {"script", "img", "svg"} == set()


def test_no_title_closes_the_script_that_holds_json_ld(open_edge: ServedHub) -> None:
    page = talk(open_edge.url, request(f"/nl/opportunities/{id_of(VACANCY)}", "Accept: text/html")).body.decode()
    data = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert [json.loads(text)["@type"] for text in data] == ["JobPosting"]


@pytest.mark.parametrize("item", injections(), ids=["hostile", "event", "vacancy"])
def test_no_text_of_an_item_puts_a_header_into_its_answer(open_edge: ServedHub, item: Opportunity) -> None:
    for kind in ("application/json", "application/ld+json", "text/html"):
        found = talk(open_edge.url, request(f"/v1/opportunities/{item.id}", f"Accept: {kind}"))
        assert (found.statuses, re.search(r"^(attendee|begin|end):", found.head, re.M)) == ([200], None)


# --- tokens and signatures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "x", "hub_", "hub_0123456789_" + "5" * 64, "\xff", "a" * 7_000, "hub_%_%"])
def test_no_text_passes_for_a_token(open_edge: ServedHub, text: str) -> None:
    found = talk(open_edge.url, request(DIGEST, f"Authorization: Bearer {text}"))
    assert (found.statuses, "www-authenticate: bearer" in found.head, "no-store" in found.head) == ([401], True, True)


def test_a_token_in_the_address_is_an_unknown_parameter(open_edge: ServedHub) -> None:
    assert talk(open_edge.url, request(f"{DIGEST}?access_token=hub_0123456789_x")).statuses == [400]


def test_guessing_ends_after_a_few_and_tells_when_to_come_again(strict_edge: ServedHub) -> None:
    """Behind the twentieth one guess every three seconds is heard: fewer than all that are sent, however slow the machine."""
    wrong = request(DIGEST, "Authorization: Bearer hub_0123456789_" + "5" * 64).replace(b"Connection: close\r\n", b"")
    statuses = talk(strict_edge.url, wrong * 39, request(DIGEST, "Authorization: Bearer x"), source="127.0.0.7").statuses
    assert (statuses[:20], 429 in statuses[20:]) == ([401] * 20, True)


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest
    monkeypatch.setattr(tokens.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    token = tokens.Token("0123456789", "x", tokens.hash_of("s"), frozenset(), 1)
    assert (token.is_secret("t"), len(compared)) == (False, 1)


def signed(body: bytes, webhook_id: str = "m1", timestamp: int | None = None, secret: str = SECRET) -> list[str]:
    at = int(time.time()) if timestamp is None else timestamp
    return [f"webhook-id: {webhook_id}", f"webhook-timestamp: {at}", f"webhook-signature: {sign(secret, webhook_id, at, body)}"]


def push(open_edge: ServedHub, headers: list[str], body: bytes, target: str = INBOUND) -> Talk:
    return talk(open_edge.url, request(target, f"Content-Length: {len(body)}", *headers, method="POST") + body)


def test_a_signed_webhook_is_taken_once(open_edge: ServedHub) -> None:
    headers = signed(b"{}", "once")
    assert [push(open_edge, headers, b"{}").statuses for _ in range(2)] == [[202], [200]]


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
def test_what_is_not_signed_by_the_partner_is_not_taken(open_edge: ServedHub, headers: list[str]) -> None:
    assert push(open_edge, headers, b"{}").statuses == [401]


def test_a_packed_body_is_not_opened(open_edge: ServedHub) -> None:
    bomb = gzip.compress(b"0" * 10**8)[:5_000]
    sent = request(INBOUND, f"Content-Length: {len(bomb)}", "Content-Encoding: gzip", *signed(bomb), method="POST") + bomb
    assert talk(open_edge.url, sent).statuses == [415]


@pytest.mark.parametrize("source", ["nobody", "..%2fvonk", "vonk%00", "VONK", "vonk%2f..", "%20"])
def test_no_name_passes_for_a_source(open_edge: ServedHub, source: str) -> None:
    assert push(open_edge, signed(b"{}"), b"{}", f"/v1/inbound/{source}").statuses == [404]


# --- headers of every answer ------------------------------------------------------------------------------------------

EVERYWHERE = ["/", PAGE, DIGEST, SNAPSHOT, "/nl/opportunities", "/nothing", "/v1/opportunities/x", "/openapi.json"]
LINKING = [PAGE, "/v1/feed/rpde", "/v1/feed/atom.xml", "/v1/opportunities?limit=1", "/v1/segments", "/openapi.json", "/"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_says_what_browsers_may_do_with_it(open_edge: ServedHub, path: str) -> None:
    head = talk(open_edge.url, request(path)).head
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
def test_any_site_may_read_and_none_with_credentials(open_edge: ServedHub, path: str) -> None:
    head = talk(open_edge.url, request(path, f"Origin: https://{EVIL}", "Cookie: a=b")).head
    assert ("access-control-allow-origin: *" in head, "allow-credentials" in head, "set-cookie" in head) == (True, False, False)


def test_a_preflight_for_a_read_is_allowed_and_one_for_a_webhook_is_not(open_edge: ServedHub) -> None:
    asked = (f"Origin: https://{EVIL}", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization")
    read, write = (talk(open_edge.url, request(path, *asked, method="OPTIONS")) for path in (PAGE, INBOUND))
    assert (read.statuses, "access-control-allow-methods: get, head" in read.head) == ([204], True)
    assert (write.statuses, "access-control-allow" in write.head) == ([405], False)


def test_https_is_asked_for_only_where_the_public_address_is_https(open_edge: ServedHub, strict_edge: ServedHub) -> None:
    heads = [talk(one.url, request("/nothing")).head for one in (open_edge, strict_edge)]
    assert ["strict-transport-security" in head for head in heads] == [False, True]


def test_every_operation_that_is_offered_reads_or_is_signed_or_needs_a_token() -> None:
    assert [one.path for one in OPERATIONS if one.method != "GET" and not one.is_signed and one.scope is None] == []


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.scope is not None], ids=lambda one: f"{one.method} {one.path}")
def test_what_needs_a_token_does_nothing_without_one(open_edge: ServedHub, one: Operation) -> None:
    path = re.sub(r"\{\w+\}", "sub_0123456789abcdef0123", one.path)
    body = b'{"url":"https://portal.example.org/hook"}'
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    found = talk(open_edge.url, request(path, *headers, method=one.method) + body)
    assert (found.statuses, "www-authenticate: bearer" in found.head) == ([401], True)

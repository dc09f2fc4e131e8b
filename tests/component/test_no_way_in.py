"""No way in by bytes: sizes, slowness, ambiguity, and what is no HTTP, against the running edge over raw sockets.

Whatever is sent, the connection ends within a bound, nothing of it reaches another reader's answer, no answer is a server's
fault, and a decent request is answered right after.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from fakes.raw_http import connect, request, talk
from fakes.served_hub import ServedHub

pytestmark = pytest.mark.usefixtures("unharmed")

PAGE = "/v1/feed/pages?limit=1"
DIGEST = "/v1/feed/digest"
INBOUND = "/v1/inbound/vonk"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


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
def test_heads_beyond_bounds_are_refused_and_the_connection_ends(open_edge: ServedHub, sent: bytes) -> None:
    assert talk(open_edge.url, sent).statuses == [400]


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(open_edge: ServedHub) -> None:
    assert talk(open_edge.url, request(INBOUND, f"Content-Length: {10**12}", method="POST")).statuses == [413]


def test_a_body_that_says_nothing_is_read_up_to_the_limit(open_edge: ServedHub) -> None:
    chunks = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    assert talk(open_edge.url, request(INBOUND, "Transfer-Encoding: chunked", method="POST"), *[chunks] * 50).statuses == [413]


def test_a_body_that_may_not_come_is_not_asked_for(open_edge: ServedHub) -> None:
    asked = request(INBOUND, "Content-Length: 99999999", "Expect: 100-continue", method="POST")
    assert talk(open_edge.url, asked).statuses == [413]


def test_nothing_but_the_body_can_be_expected(open_edge: ServedHub) -> None:
    assert talk(open_edge.url, request(PAGE, "Expect: the-unexpected")).statuses == [417]


def test_where_there_is_nothing_an_expectation_is_answered_as_a_problem_too(open_edge: ServedHub) -> None:
    told = talk(open_edge.url, request("/nothing", "Expect: the-unexpected"))
    assert (told.statuses, b"urn:hub:problem:expectation" in told.body) == ([417], True)


def test_an_address_that_is_too_long_is_called_so(open_edge: ServedHub) -> None:
    assert b"longer than 8190 bytes" in talk(open_edge.url, request("/?" + "a" * 9_000)).body


def test_a_body_where_none_belongs_is_passed_over(open_edge: ServedHub) -> None:
    assert talk(open_edge.url, request(DIGEST, "Content-Length: 5") + b"hello").statuses == [200]


# --- time -------------------------------------------------------------------------------------------------------------


def test_a_head_that_drips_ends_with_the_idle_time(open_edge: ServedHub) -> None:
    drops = [bytes([byte]) for byte in request(PAGE)[:25]]
    assert talk(open_edge.url, *drops, pause_seconds=0.1).statuses == []


def test_headers_that_drip_whole_lines_end_with_the_idle_time(open_edge: ServedHub) -> None:
    lines = [b"GET / HTTP/1.1\r\nHost: x\r\n", *[b"X: y\r\n"] * 30]
    assert talk(open_edge.url, *lines, pause_seconds=0.1).statuses == []


def test_a_body_that_drips_is_given_up(open_edge: ServedHub) -> None:
    head = request(INBOUND, "Content-Length: 5000", method="POST")
    found = talk(open_edge.url, head, *[b"a"] * 30, pause_seconds=0.1)
    assert found.statuses == [408]


def test_a_body_that_drips_where_none_is_read_holds_nothing_for_long(open_edge: ServedHub) -> None:
    found = talk(open_edge.url, request(DIGEST, "Content-Length: 5000"), *[b"a"] * 30, pause_seconds=0.1)
    assert found.statuses == [200]


def test_chunks_that_drip_are_given_up(open_edge: ServedHub) -> None:
    head = request(INBOUND, "Transfer-Encoding: chunked", method="POST")
    assert talk(open_edge.url, head, *[b"1\r\na\r\n"] * 30, pause_seconds=0.1).statuses == [408]


def test_a_silent_connection_ends(open_edge: ServedHub) -> None:
    assert talk(open_edge.url).received == b""


def test_a_kept_connection_ends_when_nothing_follows(open_edge: ServedHub) -> None:
    found = talk(open_edge.url, request(DIGEST).replace(b"Connection: close\r\n", b""))
    assert found.statuses == [200]


def test_many_dripping_connections_do_not_hold_up_the_others(open_edge: ServedHub) -> None:
    held = [connect(open_edge.url) for _ in range(100)]
    for connection in held:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
    assert talk(open_edge.url, request(DIGEST)).statuses == [200]
    for connection in held:
        connection.close()


def test_a_reader_who_takes_nothing_is_dropped(open_edge: ServedHub) -> None:
    """The kernel says nothing when it drops a connection: only reading on shows it. So wait, and longer if need be."""
    one = request("/nl/opportunities").replace(b"Connection: close", b"Connection: keep-alive")
    assert any(_answers_after(open_edge, one * 400, pause_seconds) < 400 for pause_seconds in (3, 6, 12))


def _answers_after(edge: ServedHub, sent: bytes, pause_seconds: float) -> int:
    return len(talk(edge.url, sent, pause_seconds=pause_seconds).statuses)


def test_an_address_holds_a_bounded_number_of_connections(strict_edge: ServedHub) -> None:
    held = [connect(strict_edge.url, "127.0.0.5") for _ in range(5)]
    with connect(strict_edge.url, "127.0.0.5") as further:
        assert further.recv(1) == b""
    for connection in held:
        connection.close()


# --- requests within requests ----------------------------------------------------------------------------------------


def test_pipelined_requests_are_answered_in_their_order(open_edge: ServedHub) -> None:
    one, other = (request(path).replace(b"Connection: close\r\n", b"") for path in (DIGEST, "/nothing"))
    assert talk(open_edge.url, (one + other) * 25).statuses == [200, 404] * 25


def test_a_flood_of_pipelined_requests_is_answered_or_cut(open_edge: ServedHub) -> None:
    one = b"HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    assert set(talk(open_edge.url, one * 1_000, request("/nothing")).statuses) == {404}


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
def test_what_two_readers_could_part_differently_is_refused_whole(open_edge: ServedHub, form: str, target: str) -> None:
    head, body = AMBIGUOUS[form]
    method = b"POST" if target == INBOUND else b"GET"
    sent = b"%b %b HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n%b" % (method, target.encode(), head, body)
    assert talk(open_edge.url, sent + SMUGGLED).statuses == [400]


def test_what_is_malformed_is_neither_quoted_nor_logged(open_edge: ServedHub, capsys: Any, caplog: Any) -> None:
    token = "hub_0123456789_" + "5" * 64
    found = talk(open_edge.url, request(PAGE, f"Authorization: Bearer {token}\x00"))
    told = found.text + caplog.text + "".join(capsys.readouterr())
    assert (found.statuses, "5" * 64 in told, "server: hub" in found.head, "aiohttp" in found.text) == ([400], False, True, False)


@pytest.mark.parametrize("version", ["0.9", "1.10", "2.0", "9.9", "1", "1.1x"])
def test_versions_that_are_not_spoken_are_refused(open_edge: ServedHub, version: str) -> None:
    found = talk(open_edge.url, request(DIGEST, version=version))
    assert re.match(r"HTTP/\d\.\d 400 ", found.text)


@pytest.mark.parametrize(
    "sent",
    [b"GET /\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\xa5\x01" + b"\x00" * 99, bytes(range(256)) * 8],
    ids=["0.9", "h2", "tls", "bytes"],
)
def test_what_is_no_http_is_refused(open_edge: ServedHub, sent: bytes) -> None:
    assert re.match(r"HTTP/\d\.\d 400 ", talk(open_edge.url, sent).text)


def test_http_1_0_is_answered_and_the_connection_ends(open_edge: ServedHub) -> None:
    found = talk(open_edge.url, b"GET " + DIGEST.encode() + b" HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert found.statuses == [200]


@pytest.mark.parametrize("upgrade", ["websocket", "h2c", "TLS/1.0"])
def test_nothing_is_upgraded(open_edge: ServedHub, upgrade: str) -> None:
    asked = request(DIGEST, f"Upgrade: {upgrade}").replace(b"Connection: close", b"Connection: Upgrade")
    found = talk(open_edge.url, asked, request(DIGEST))
    assert (found.statuses[0] in (200, 400), 101 in found.statuses) == (True, False)


# --- limits -----------------------------------------------------------------------------------------------------------


def test_an_address_that_asks_too_often_is_told_when_to_come_again(strict_edge: ServedHub) -> None:
    one = request(DIGEST).replace(b"Connection: close\r\n", b"")
    found = talk(strict_edge.url, one * 40, request(DIGEST), source="127.0.0.6")
    assert found.statuses[-1] == 429
    assert re.search(r"retry-after: \d+", found.text.lower())

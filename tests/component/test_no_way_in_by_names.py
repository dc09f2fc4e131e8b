"""No way in by names and numbers: paths, hosts, methods, parameters, ranges, conditions, against the running edge."""

from __future__ import annotations

import re

import pytest
from fakes.raw_http import request, talk
from fakes.served_hub import ServedHub

pytestmark = pytest.mark.usefixtures("unharmed")

PAGE = "/v1/feed/pages?limit=1"
DIGEST = "/v1/feed/digest"
SNAPSHOT = "/v1/feed/snapshot.ndjson.gz"
EVIL = "evil.example"
LINKING = [PAGE, "/v1/feed/rpde", "/v1/feed/atom.xml", "/v1/opportunities?limit=1", "/v1/segments", "/openapi.json", "/"]


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
def test_no_path_leads_elsewhere(open_edge: ServedHub, path: str) -> None:
    found = talk(open_edge.url, request(path))
    assert (found.statuses, "location:" in found.head, "root:" in found.text) == ([404], False, False)


@pytest.mark.parametrize("target", ["*", "?", "", "evil.example:80", "v1/feed/digest"])
def test_targets_that_are_no_path_are_refused(open_edge: ServedHub, target: str) -> None:
    assert talk(open_edge.url, request(target)).statuses == [400]


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
def test_a_strangers_name_for_the_hub_is_in_no_link(open_edge: ServedHub, host: str) -> None:
    told = "".join(talk(open_edge.url, request(path, host=host)).text for path in LINKING)
    assert (EVIL in told, "X-Injected" in told) == (False, False)


@pytest.mark.parametrize("host", ["", "a\x00b", "[::1"])
def test_a_host_that_is_none_is_refused_or_passed_over(open_edge: ServedHub, host: str) -> None:
    assert talk(open_edge.url, request(PAGE, host=host)).statuses in ([400], [200])


def test_two_hosts_are_refused(open_edge: ServedHub) -> None:
    assert talk(open_edge.url, request(PAGE, f"Host: {EVIL}")).statuses == [400]


def test_an_address_in_the_request_line_is_in_no_link(open_edge: ServedHub) -> None:
    assert EVIL not in talk(open_edge.url, request(f"http://{EVIL}{PAGE}")).text


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
def test_what_a_stranger_claims_to_forward_is_in_no_answer_of_its_own_or_of_others(open_edge: ServedHub, claim: str) -> None:
    told = "".join(talk(open_edge.url, request(path, claim)).text for path in LINKING)
    told += "".join(talk(open_edge.url, request(path)).text for path in LINKING)
    assert EVIL not in told


def test_a_public_address_is_in_every_link_whatever_the_host(strict_edge: ServedHub) -> None:
    told = talk(strict_edge.url, request(PAGE, f"X-Forwarded-Host: {EVIL}", host=EVIL)).text
    assert ("https://hub.example/v1/feed/pages" in told, EVIL in told) == (True, False)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "POST", "PROPFIND", "CONNECT"])
def test_methods_that_are_not_offered_are_refused_and_nothing_is_echoed(open_edge: ServedHub, method: str) -> None:
    found = talk(open_edge.url, request(DIGEST, "X-Secret: echo-me", method=method))
    assert (found.statuses[0] in (404, 405), "echo-me" in found.text) == (True, False)


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"])
def test_no_header_makes_a_read_another_method(open_edge: ServedHub, name: str) -> None:
    assert talk(open_edge.url, request(DIGEST, f"{name}: DELETE")).statuses == [200]


@pytest.mark.parametrize("method", ["get", "G\x00T", "G T", "", "A" * 9_000])
def test_methods_that_are_no_words_are_refused(open_edge: ServedHub, method: str) -> None:
    assert talk(open_edge.url, request(DIGEST, method=method)).statuses == [400]


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
def test_parameters_that_mean_nothing_are_refused_and_put_nothing_into_headers(open_edge: ServedHub, query: str) -> None:
    found = talk(open_edge.url, request(f"/v1/feed/pages?{query}"))
    assert (found.statuses[0] in (400, 404, 410), "x-injected" in found.head, "set-cookie" in found.head) == (True, False, False)


@pytest.mark.parametrize(
    "path", ["/v1/opportunities/{}", "/nl/opportunities/{}", "/opportunities/{}", "/nl/segments/{}", "/segments/{}"]
)
@pytest.mark.parametrize("text", ["x%0d%0aX-Injected:%201", "x%0aSet-Cookie:%20a=b", "%E5%98%8A%E5%98%8DX-Injected:1"])
def test_no_path_puts_a_header_into_the_answer(open_edge: ServedHub, path: str, text: str) -> None:
    found = talk(open_edge.url, request(path.format(text)))
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
def test_no_range_makes_more_of_the_file_than_it_is(open_edge: ServedHub, wanted: str) -> None:
    whole = len(talk(open_edge.url, request(SNAPSHOT)).body)
    found = talk(open_edge.url, request(SNAPSHOT, f"Range: {wanted}"))
    assert (found.statuses[0] in (200, 206, 416), len(found.body) <= whole) == (True, True)


@pytest.mark.parametrize("wanted", ["bits=0-1", "bytes=0-0,-1", "bytes=a-b"])
def test_a_range_that_is_not_one_of_bytes_is_passed_over(open_edge: ServedHub, wanted: str) -> None:
    assert talk(open_edge.url, request(SNAPSHOT, f"Range: {wanted}")).statuses == [200]


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
def test_conditions_that_are_none_are_passed_over_quickly(open_edge: ServedHub, path: str, condition: str) -> None:
    found = talk(open_edge.url, request(path, condition))
    assert found.statuses[0] in (200, 304, 412)


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
def test_choices_that_are_none_are_answered_quickly(open_edge: ServedHub, path: str, choice: str) -> None:
    found = talk(open_edge.url, request(path, choice))
    assert found.statuses[0] in (200, 303, 307, 406)

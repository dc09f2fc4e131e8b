"""Sitemaps: nested, gzipped, with and without stamps; bombs and other files are refused."""

from __future__ import annotations

import gzip

import pytest
from yarl import URL

from hub.errors import SourceError
from hub.sdk.formats.schema_org.sitemap import Entry, parse_sitemap, read_sitemap
from hub.sdk.testing import Canned, FakeHttp

ROOT = URL("https://x.nl/sitemap.xml")
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
BILLION = (
    '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + f"]><urlset {NAMESPACE}><url><loc>https://x.nl/&i;</loc></url></urlset>"
)
EXTERNAL = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset {NAMESPACE}><url><loc>&x;</loc></url></urlset>'


def urlset(*paths: str) -> str:
    rows = "".join(f"<url><loc>https://x.nl{path}</loc><lastmod>2026-11-01</lastmod></url>" for path in paths)
    return f"<urlset {NAMESPACE}>{rows}</urlset>"


def xml(text: str) -> Canned:
    return Canned(text.encode(), content_type="application/xml")


async def entries(**answers: Canned) -> list[str]:
    http = FakeHttp({f"/{name.replace('_', '.')}": answer for name, answer in answers.items()})
    return [entry.address for entry in (await read_sitemap(http, ROOT)).entries]


def test_addresses_come_with_their_stamps_in_order() -> None:
    body = f"<urlset {NAMESPACE}><url><loc> https://x.nl/a?b=1&amp;c=2 </loc></url><url><loc>https://x.nl/d</loc><lastmod>2026</lastmod></url></urlset>"
    assert parse_sitemap(body.encode(), "x") == ("urlset", [Entry("https://x.nl/a?b=1&c=2"), Entry("https://x.nl/d", "2026")])


def test_namespace_is_no_condition() -> None:
    assert parse_sitemap(b"<urlset><url><loc>https://x.nl/a</loc></url></urlset>", "x")[1] == [Entry("https://x.nl/a")]


async def test_index_is_followed_each_file_once() -> None:
    index = "".join(f"<sitemap><loc>https://x.nl/{name}.xml</loc></sitemap>" for name in ("one", "two", "one", "sitemap"))
    found = await entries(
        sitemap_xml=xml(f"<sitemapindex {NAMESPACE}>{index}</sitemapindex>"), one_xml=xml(urlset("/a")), two_xml=xml(urlset("/b"))
    )
    assert found == ["https://x.nl/a", "https://x.nl/b"]


async def test_gzipped_file_is_unpacked() -> None:
    assert await entries(sitemap_xml=Canned(gzip.compress(urlset("/a").encode()), content_type="application/gzip")) == [
        "https://x.nl/a"
    ]


async def test_file_of_the_index_that_is_not_there_is_empty() -> None:
    named = ("https://x.nl/a.xml", "https://x.nl/gone.xml", "geen adres")
    index = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in named)
    index = f"<sitemapindex {NAMESPACE}>{index}</sitemapindex>"
    assert await entries(sitemap_xml=xml(index), a_xml=xml(urlset("/1"))) == ["https://x.nl/1"]


async def test_sitemap_that_is_not_there_fails() -> None:
    with pytest.raises(SourceError):
        await entries(a_xml=xml(urlset("/1")))


def test_bare_ampersand_in_an_address_is_forgiven() -> None:
    body = f"<urlset {NAMESPACE}><url><loc>https://x.nl/a?b=1&c=2&amp;d=3</loc></url></urlset>"
    assert parse_sitemap(body.encode(), "x") == ("urlset", [Entry("https://x.nl/a?b=1&c=2&d=3")])


async def test_few_repeated_addresses_are_taken_once() -> None:
    paths = [f"/{number}" for number in range(20)]
    assert len(await entries(sitemap_xml=xml(urlset(*paths, "/0")))) == 20


async def test_list_that_comes_twice_fails() -> None:
    with pytest.raises(SourceError) as raised:
        await entries(sitemap_xml=xml(urlset("/a", "/b", "/a", "/b")))
    assert raised.value.cause == "duplicate"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (BILLION, "syntax"),
        (EXTERNAL, "syntax"),
        (urlset("/a")[:-12], "syntax"),
        ("<!DOCTYPE html><html><body>Onderhoud</body></html>", "content_type"),
        ("<rss><channel/></rss>", "content_type"),
        ("", "syntax"),
    ],
)
async def test_what_is_no_sitemap_fails(body: str, cause: str) -> None:
    with pytest.raises(SourceError) as raised:
        await entries(sitemap_xml=xml(body))
    assert raised.value.cause == cause


async def test_gzip_bomb_is_refused() -> None:
    with pytest.raises(SourceError) as raised:
        await entries(sitemap_xml=Canned(gzip.compress(b" " * (65 * 2**20), 6), content_type="application/gzip"))
    assert raised.value.cause == "too_large"

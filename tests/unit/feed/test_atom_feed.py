"""Atom as RFC 4287 asks for it, judged by feedparser and by the RFC's own MUSTs; titles from hell come back as they went."""

from __future__ import annotations

import re

import feedparser
import pytest
from fakes.told import HOSTILE, OWNER, UNSPEAKABLE, one_line, record, row
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.feed.atom import Head, render_atom
from hub.feed.departures import Departure

NS = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
HEAD = Head(
    id="urn:hub:feed:all:nl",
    title="Alles",
    subtitle="",
    lang="nl",
    links={"self": "https://hub.example/v1/feed/atom.xml?lang=nl", "first": "https://hub.example/v1/feed/atom.xml?lang=nl"},
    updated=1_795_000_000_000,
)


def address(id_):
    return f"https://hub.example/v1/opportunities/{id_}"


def render(*records, head=HEAD, departures=()):
    return render_atom(head, [row(one, cursor) for cursor, one in enumerate(records, 1)], departures, address)


def read(*records, head=HEAD, departures=()):
    """(feedparser's feed, lxml's tree)."""
    body = render(*records, head=head, departures=departures)
    return feedparser.parse(body), etree.fromstring(body)


def assert_valid(tree):
    """What RFC 4287 §4.1.1, §4.1.2 and §3.3 say that a feed MUST have."""
    for element in [tree, *tree.findall("a:entry", NS)]:
        assert [len(element.findall(f"a:{name}", NS)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert len(element.findall("a:author", NS)) >= 1
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall("a:link", NS)]
        alternates = [link for link in links if link[0] == "alternate"]
        assert len(alternates) == len(set(alternates))
        assert all(link.get("href") for link in element.findall("a:link", NS))
        assert all(author.findtext("a:name", namespaces=NS) for author in element.findall("a:author", NS))
    dates = [date.text for name in ("updated", "published") for date in tree.iter(f"{{{NS['a']}}}{name}")]
    assert all(RFC_3339.fullmatch(date) for date in [*dates, *tree.xpath("at:deleted-entry/@when", namespaces=NS)])
    ids = tree.xpath("a:entry/a:id/text()", namespaces=NS)
    assert len(ids) == len(set(ids))
    for entry in tree.findall("a:entry", NS):
        assert entry.find("a:content", NS) is not None or entry.xpath("a:link[@rel='alternate']", namespaces=NS)
    assert all(len(category.get("term")) > 0 for category in tree.iter(f"{{{NS['a']}}}category"))


def test_a_feed_has_what_the_standard_demands():
    parsed, tree = read(record(1), record(2, {"description": {}, "title": {}, "organisation": None}), record(3, sources=[]))
    assert_valid(tree)
    assert (parsed.bozo, parsed.version, len(parsed.entries)) == (0, "atom10", 3)


def test_an_empty_feed_is_a_feed():
    parsed, tree = read()
    assert_valid(tree)
    assert (parsed.bozo, parsed.entries, parsed.feed.updated) == (0, [], "2026-11-18T11:06:40.000Z")


def test_an_entry_says_who_what_when_and_where_to_read_on():
    parsed, _ = read(record(1))
    entry = parsed.entries[0]
    assert (entry.title, entry.author, entry.link) == ("Vacature 1", "Gemeente Voorbeeld", OWNER)
    assert (entry.published, entry.updated) == ("2026-11-01T08:00:00.000Z", "2026-11-02T09:30:00.500Z")
    assert (entry.content[0].type, entry.content[0].value) == ("text/html", "<p>Kom <b>werken</b>.</p>")
    assert {(tag.scheme, tag.term) for tag in entry.tags} == {
        ("urn:hub:kind", "vacancy"),
        ("urn:hub:sector", "energy"),
        ("urn:hub:audience", "graduate"),
    }


def test_an_entry_credits_its_sources_and_leads_to_them():
    parsed, _ = read(record(1))
    links = {link.rel: link.href for link in parsed.entries[0].links}
    assert parsed.entries[0].rights == parsed.feed.rights == "Noorderlink, noorderlink.nl"
    assert links["via"] == "https://noorderlink.example/1"
    assert links["related"] == address(record(1)["id"])


def test_what_is_link_only_has_a_link_and_no_text():
    _, tree = read(record(1, {"description": {}}))
    entry = tree.find("a:entry", NS)
    assert (entry.find("a:content", NS), entry.find("a:summary", NS)) == (None, None)
    assert entry.xpath("a:link[@rel='alternate']/@href", namespaces=NS) == [OWNER]


def test_the_feed_was_updated_when_its_newest_entry_was():
    parsed, _ = read(record(1), record(2, last_changed="2026-11-05T00:00:00Z"))
    assert parsed.feed.updated == "2026-11-05T00:00:00.000Z"


def test_the_other_language_stands_in_and_is_marked():
    _, tree = read(record(1, {"title": {"en": {"text": "Cook"}}}))
    title = tree.find("a:entry/a:title", NS)
    assert (title.text, title.get("{http://www.w3.org/XML/1998/namespace}lang")) == ("Cook", "en")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_from_hell_comes_back_as_it_went(title):
    parsed, tree = read(record(1, {"title": {"nl": {"text": title}}, "organisation": {"name": title}}))
    assert_valid(tree)
    assert tree.findtext("a:entry/a:title", namespaces=NS) == one_line(title)
    assert tree.findtext("a:entry/a:author/a:name", namespaces=NS) == one_line(title)
    assert (parsed.bozo, len(parsed.entries)) == (0, 1)


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_any_title_that_xml_can_hold_comes_back(title):
    tree = etree.fromstring(render(record(1, {"title": {"nl": {"text": f"a{title}b"}}})))
    held = "".join(letter for letter in one_line(f"a{title}b") if letter.isprintable() or letter >= "\x7f")
    assert tree.findtext("a:entry/a:title", namespaces=NS) == "".join(letter for letter in held if letter not in "\ufffe\uffff")


def test_a_hostile_text_is_content_and_no_markup_of_the_feed():
    html = "</content></entry><entry><id>x</id></entry> ]]> <p>&amp;lt;</p>"
    parsed, tree = read(record(1, {"description": {"nl": {"html": html, "text": "x"}}}))
    assert (tree.findtext("a:entry/a:content", namespaces=NS), len(parsed.entries)) == (html, 1)


def test_what_xml_cannot_hold_is_dropped_and_the_rest_stays():
    head = Head("urn:x", UNSPEAKABLE, UNSPEAKABLE, "nl", {})
    tree = etree.fromstring(render(head=head))
    assert tree.findtext("a:title", namespaces=NS) == "nul  bell  escape  half  not-a-character  end"


def test_an_address_that_leads_elsewhere_is_not_linked():
    hostile = "javascript:alert(1)"
    _, tree = read(record(1, {"canonical_url": hostile}, sources=[{"source": "a", "url": hostile}]))
    assert tree.xpath("a:entry/a:link/@href", namespaces=NS) == [address(record(1)["id"])] * 2


def test_what_has_left_is_told_with_the_time_and_the_reason():
    closed = {"id": "opp-gone", "state": "closed", "closed_reason": "filled", "last_changed": "2026-11-03T00:00:00Z"}
    gone = [Departure(9, "opp-gone", row(closed).record), Departure(8, "opp-erased", None)]
    _, tree = read(record(1), departures=gone)
    assert_valid(tree)
    told = [
        (one.get("ref"), one.get("when"), one.findtext("at:comment", namespaces=NS))
        for one in tree.findall("at:deleted-entry", NS)
    ]
    assert told == [
        ("urn:hub:opportunity:opp-gone", "2026-11-03T00:00:00.000Z", "filled"),
        ("urn:hub:opportunity:opp-erased", "2026-11-03T00:00:00.000Z", None),
    ]
    assert tree.findtext("a:updated", namespaces=NS) == "2026-11-03T00:00:00.000Z"


def test_equal_records_are_equal_bytes():
    assert render(record(1), record(2)) == render(record(1), record(2))

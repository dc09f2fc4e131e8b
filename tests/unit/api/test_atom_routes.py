"""The Atom feed over HTTP: a walk lists everything once, and what has left is told, with and without a filter."""

from __future__ import annotations

import random
from datetime import date

import feedparser
import pytest
from fakes.told import at, closed, record
from lxml import etree
from yarl import URL

from hub.feed.filters import Filter
from hub.feed.segments import Segment, Segments

ATOM = "/v1/feed/atom.xml"
NS = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
ENERGY, HEALTH = {"sectors": ["energy"]}, {"sectors": ["life_sciences_health"]}
ENERGY_NOW = Segment(
    "energy-now",
    {"nl": "Energie nu", "en": "Energy now"},
    {"nl": "Van nu.", "en": "Of now."},
    Filter.of({"sector": ["energy"]}),
    valid_until=date(2027, 2, 1),
)


async def take(hub, *records, start=0):
    await hub.projection.apply([at(start + n, one) for n, one in enumerate(records)], start, start + len(records))


async def fetch(hub, path):
    """(response, lxml's tree); feedparser has taken it without complaint."""
    response = await hub.client.get(path)
    body = await response.read()
    assert feedparser.parse(body).bozo == 0
    return response, etree.fromstring(body)


def ids(tree):
    return [id_.removeprefix("urn:hub:opportunity:") for id_ in tree.xpath("a:entry/a:id/text()", namespaces=NS)]


def gone(tree):
    return [ref.removeprefix("urn:hub:opportunity:") for ref in tree.xpath("at:deleted-entry/@ref", namespaces=NS)]


def link(tree, relation):
    return next(iter(tree.xpath(f"a:link[@rel='{relation}']/@href", namespaces=NS)), None)


async def walk(hub, path, relation="next"):
    """The ids of each page along `relation`."""
    found = []
    while path is not None:
        _, tree = await fetch(hub, path)
        found.append(ids(tree))
        following = link(tree, relation)
        path = None if following is None else URL(following).relative()
    return found


def id_of(number):
    return record(number)["id"]


async def test_it_is_atom_and_says_so(hub):
    await take(hub, record(1))
    response, tree = await fetch(hub, ATOM)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (response.headers["Cache-Control"], tree.tag) == ("public, max-age=60", f"{{{NS['a']}}}feed")


async def test_what_changed_last_comes_first(hub):
    await take(hub, record(1), record(2), record(3), record(1, version="v2"))
    _, tree = await fetch(hub, ATOM)
    assert ids(tree) == [id_of(1), id_of(3), id_of(2)]


async def test_a_walk_lists_everything_once(hub):
    await take(hub, *map(record, range(7)))
    assert await walk(hub, f"{ATOM}?limit=3") == [[id_of(n) for n in page] for page in ([6, 5, 4], [3, 2, 1], [0])]


async def test_the_way_back_leads_through_the_same_items_to_the_first_page(hub):
    await take(hub, *map(record, range(7)))
    forth = await walk(hub, f"{ATOM}?limit=3")
    _, tree = await fetch(hub, f"{ATOM}?limit=3&before=2")
    back = await walk(hub, URL(link(tree, "previous")).relative(), "previous")
    assert [ids(tree), *back] == list(reversed(forth))


async def test_every_page_is_of_the_same_feed_and_knows_its_own_address(hub):
    await take(hub, *map(record, range(4)))
    _, first = await fetch(hub, f"{ATOM}?limit=2&lang=en")
    _, second = await fetch(hub, URL(link(first, "next")).relative())
    assert first.findtext("a:id", namespaces=NS) == second.findtext("a:id", namespaces=NS) == "urn:hub:feed:all:en"
    assert link(second, "self") == link(first, "next")
    assert link(second, "first") == link(first, "self")


async def test_a_page_of_another_feed_id_is_gone_and_told_the_first(hub):
    await take(hub, record(1))
    response = await hub.client.get(f"{ATOM}?before=5&feed=topic-e0")
    problem = await response.json(content_type=None)
    assert (response.status, problem["first"]) == (410, str(hub.client.make_url(ATOM)))


async def test_what_has_closed_is_told_on_the_first_page_alone(hub):
    await take(hub, *map(record, range(4)), closed(0))
    _, first = await fetch(hub, f"{ATOM}?limit=2")
    _, second = await fetch(hub, URL(link(first, "next")).relative())
    assert (gone(first), gone(second)) == ([id_of(0)], [])


async def test_what_has_left_the_filter_is_told_and_what_was_never_in_it_is_not(hub):
    await take(hub, record(1, facets=ENERGY), record(2, facets=HEALTH), record(3, facets=ENERGY))
    await take(hub, record(1, version="v2", facets=HEALTH), closed(2, facets=HEALTH), start=3)
    _, tree = await fetch(hub, f"{ATOM}?sector=energy")
    assert (ids(tree), gone(tree)) == ([id_of(3)], [id_of(1)])


async def test_what_closed_within_the_filter_is_told_even_when_it_changed_before(hub):
    await take(hub, record(1, facets=ENERGY))
    await take(hub, record(1, version="v2", facets=ENERGY), start=1)
    await take(hub, closed(1, facets=ENERGY), start=2)
    _, tree = await fetch(hub, f"{ATOM}?sector=energy")
    assert (ids(tree), gone(tree)) == ([], [id_of(1)])


async def test_what_came_back_is_not_told_as_gone(hub):
    await take(hub, record(1, facets=ENERGY))
    await take(hub, record(1, version="v2", facets=HEALTH), start=1)
    await take(hub, record(1, version="v3", facets=ENERGY), start=2)
    _, tree = await fetch(hub, f"{ATOM}?sector=energy")
    assert (ids(tree), gone(tree)) == ([id_of(1)], [])


async def test_what_the_log_has_removed_is_told_as_gone(hub):
    await take(hub, record(1))
    removed = at(1, record(1))
    await hub.projection.apply([type(removed)(1, removed.key, None)], 1, 2)
    _, tree = await fetch(hub, ATOM)
    assert (ids(tree), gone(tree)) == ([], [id_of(1)])


async def test_what_only_excluded_sources_show_is_left_out_and_told_as_gone(hub):
    await take(hub, record(1), record(2, sources=[{"source": "miitn", "source_key": "miitn:1"}]))
    _, tree = await fetch(hub, f"{ATOM}?exclude_source=noorderlink")
    assert ids(tree) == [id_of(2)]


async def test_a_segment_has_its_own_title_id_and_page(hub):
    object.__setattr__(hub.edge, "segments", Segments({"energy-now": ENERGY_NOW}))
    await take(hub, record(1, facets=ENERGY), record(2, facets=HEALTH))
    _, tree = await fetch(hub, f"{ATOM}?segment=energy-now&lang=en")
    assert (tree.findtext("a:title", namespaces=NS), tree.findtext("a:subtitle", namespaces=NS)) == ("Energy now", "Of now.")
    assert (tree.findtext("a:id", namespaces=NS), ids(tree)) == ("urn:hub:feed:energy-now:en", [id_of(1)])
    assert link(tree, "alternate") == str(hub.client.make_url("/en/segments/energy-now"))


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Filter: Energy, Life sciences and health; Dutch: not stated; without what only Vonk has."),
        ("nl", "Filter: Energie, Life sciences en gezondheid; Nederlands: niet vermeld; zonder wat alleen Vonk heeft."),
    ],
)
async def test_a_filter_is_named_in_words(hub, lang, told):
    await take(hub, record(1, facets=ENERGY))
    asked = "sector=energy,life_sciences_health&dutch_required=unknown&exclude_source=vonk"
    _, tree = await fetch(hub, f"{ATOM}?{asked}&lang={lang}")
    assert tree.findtext("a:subtitle", namespaces=NS) == told


async def test_a_category_is_named_in_words(hub):
    await take(hub, record(1, facets=ENERGY))
    _, tree = await fetch(hub, f"{ATOM}?lang=en")
    assert tree.xpath("a:entry/a:category[@scheme='urn:hub:sector']/@label", namespaces=NS) == ["Energy"]


@pytest.mark.parametrize("seed", range(3))
async def test_who_walks_and_then_reads_from_the_first_page_until_nothing_is_new_holds_what_is_live(hub, seed):
    rng, position, held = random.Random(seed), 30, {}
    await take(hub, *(record(n, facets=ENERGY) for n in range(position)))

    async def read_page(path):
        """The next page's path, and whether this one brought anything."""
        _, tree = await fetch(hub, path)
        told = {entry.findtext("a:id", namespaces=NS): etree.tostring(entry) for entry in tree.findall("a:entry", NS)}
        is_new = any(held.get(id_) != text for id_, text in told.items())
        held.update(told)
        for ref in tree.xpath("at:deleted-entry/@ref", namespaces=NS):
            held.pop(ref, None)
        following = link(tree, "next")
        return (None if following is None else URL(following).relative()), is_new

    path = f"{ATOM}?sector=energy&limit=5"
    while path is not None:
        path, _ = await read_page(path)
        number, version = rng.randrange(40), f"v{position}"
        stay, leave = record(number, version=version, facets=ENERGY), record(number, version=version, facets=HEALTH)
        titled = {**stay, "content": {**stay["content"], "title": {"nl": {"text": version}}}}
        await take(hub, rng.choice([titled, leave, closed(number, facets=ENERGY)]), start=position)
        position += 1
    path, is_new = f"{ATOM}?sector=energy&limit=5", True
    while path is not None and is_new:
        path, is_new = await read_page(path)
    live = await hub.edge.read_model.load_latest(100, Filter.of({"sector": ["energy"]}))
    assert held.keys() == {f"urn:hub:opportunity:{row.id}" for row in live}


async def test_other_questions_are_other_feeds(hub):
    await take(hub, record(1))
    asked = [f"{ATOM}{query}" for query in ("", "?lang=en", "?sector=energy", "?sector=energy,other", "?exclude_source=vonk")]
    found = {(await fetch(hub, path))[1].findtext("a:id", namespaces=NS) for path in asked}
    _, again = await fetch(hub, f"{ATOM}?sector=other,energy")
    assert len(found) == 5
    assert again.findtext("a:id", namespaces=NS) in found


async def test_what_the_reader_has_is_answered_304_until_something_changes(hub):
    await take(hub, record(1))
    first = await hub.client.get(ATOM)
    asked = {"If-None-Match": first.headers["ETag"]}
    same = await hub.client.get(ATOM, headers=asked)
    await take(hub, record(1, version="v2", last_changed="2026-11-09T00:00:00Z"), start=1)
    other = await hub.client.get(ATOM, headers=asked)
    assert (same.status, other.status) == (304, 200)


async def test_a_wrong_parameter_is_a_problem(hub):
    answers = [
        await hub.client.get(f"{ATOM}?{query}")
        for query in ("lang=fr", "before=-1", "before=x", "limit=0", "limit=201", "page=2")
    ]
    assert [(one.status, one.content_type) for one in answers] == [(400, "application/problem+json")] * 6

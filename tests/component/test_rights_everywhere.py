"""What each source grants, on every surface: walked from the list of operations, so that a new surface is judged too."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import unquote

import orjson
import pytest
from fakes.crawl import Crawl
from fakes.granted_feed import CREDIT, GRANTS, OF_A_LINK, OPENINGS, WORD, records, word
from fakes.served_hub import served
from fakes.subscribed import subscribe

from hub.feed.segments import load_segments
from hub.settings import SegmentSettings, Settings

SEGMENT = "everything"


@pytest.fixture(scope="module")
def feed():
    return records()


@pytest.fixture(scope="module")
def answers(feed, tmp_path_factory):
    """Every exchange of a walk over a hub that holds the feed as it stands."""
    kinds = ["vacancy", "traineeship", "internship", "course", "event"]
    settings = Settings(state_dir=tmp_path_factory.mktemp("rights"), segments={SEGMENT: SegmentSettings(kind=kinds)})
    standing = {one.id: one for one in feed}
    with served(settings, list(standing.values())) as hub:
        names = [segment.name for segment in load_segments(settings)]
        subscriber = subscribe(hub)
        parameters = {"id": sorted(standing), "name": names, "subscription": [subscriber.kept]}
        return Crawl(hub.url, parameters, token=subscriber.token).run()


@pytest.fixture(scope="module")
def shown(answers):
    """(source, field) → how often its words are shown, over all answers, escaped forms resolved."""
    return Counter(pair for answer in answers for pair in words_of(answer))


def words_of(answer):
    text = unescape(unquote(answer.everything.decode("utf-8", "replace"))).lower()
    return [(source, field) for source, field, _ in WORD.findall(re.sub(r"\r?\n[ \t]", "", text))]


def items_of(feed, state):
    return [one for one in feed if one.state == state]


# --- the control: there is something to be found ----------------------------------------------------------------------


def test_every_set_of_sources_is_one_opportunity(feed):
    live = {frozenset(source.source for source in one.sources) for one in items_of(feed, "live")}
    assert live == {frozenset({"granting"}), frozenset({"linking"}), frozenset({"granting", "linking"})}
    assert len(items_of(feed, "closed")) >= sum(opening.is_closed for opening in OPENINGS) / 2


def test_the_walk_reaches_every_surface(answers):
    failed = [(answer.path, answer.accept, answer.status) for answer in answers if answer.status not in (200, 302, 307, 404, 410)]
    assert failed == []
    kinds = {answer.content_type for answer in answers if answer.status == 200}
    expected = (
        "application/json",
        "application/ld+json",
        "text/html",
        "application/gzip",
        "application/atom+xml",
        "text/calendar",
    )
    assert kinds >= set(expected)


def test_what_is_granted_is_shown(shown):
    granted = ("title", "body", "employer", "place", "page", "apply", "pay", "venue")
    assert [field for field in granted if not shown["granting", field]] == []
    assert [field for field in sorted(OF_A_LINK) if not shown["linking", field]] == []


# --- the claims -------------------------------------------------------------------------------------------------------


def test_of_a_source_that_grants_nothing_no_word_is_shown(answers):
    found = [(answer.path, pair) for answer in answers for pair in words_of(answer) if pair[0] == "silent"]
    assert found[:10] == []


def test_a_source_that_grants_nothing_is_not_even_named(answers):
    assert [answer.path for answer in answers if b"silent" in answer.everything][:10] == []


def test_of_a_source_that_grants_links_only_nothing_else_is_shown(shown):
    allowed = OF_A_LINK | {"key"}
    assert {field: times for (source, field), times in shown.items() if source == "linking" and field not in allowed} == {}


def test_contacts_are_nowhere(shown):
    assert {pair: times for pair, times in shown.items() if pair[1] == "contact"} == {}


def test_the_feed_itself_holds_no_more(feed):
    found = Counter(pair for one in feed for pair in WORD.findall(one.to_bytes().decode().lower()))
    allowed = OF_A_LINK | {"key"}
    assert {pair for pair in found if pair[0] == "silent" or (pair[0] == "linking" and pair[1] not in allowed)} == set()


def test_a_closed_item_tells_no_facets_of_a_source_that_grants_nothing(feed):
    assert [one.facets for one in items_of(feed, "closed") if "silent" in one.facets.sources] == []


def test_whatever_shows_words_of_a_source_credits_it(answers):
    uncredited = [
        (answer.path, source)
        for answer in answers
        for source in {source for source, _ in words_of(answer)}
        if answer.status == 200 and CREDIT[source] not in unfolded(answer)
    ]
    assert uncredited[:10] == []


@pytest.mark.parametrize("accept", ["application/json", "application/ld+json", "text/html"])
def test_each_shown_source_is_credited_with_the_item(answers, feed, accept):
    sources = {one.id: {source.source for source in one.sources} for one in feed if one.state == "live"}
    closed = {one.id for one in feed if one.state == "closed"}
    told = {}
    for answer in answers:
        id_ = answer.path.rpartition("/")[2]
        if (
            answer.status == 200
            and answer.content_type == accept
            and id_ in sources.keys() - closed
            and "/opportunities/" in answer.path
        ):
            told[answer.path] = ({source for source in GRANTS if CREDIT[source].encode() in answer.body}, sources[id_])
    assert told
    assert {path: pair for path, pair in told.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("kind", ["application/atom+xml", "text/calendar"])
def test_each_shown_source_is_credited_in_every_entry_of_a_feed(answers, kind):
    mark = "<entry>" if kind == "application/atom+xml" else "BEGIN:VEVENT"
    entries = [entry for answer in answers if answer.content_type == kind for entry in unfolded(answer).split(mark)[1:]]
    shown_without_credit = [
        entry
        for entry in entries
        for source in ("granting", "linking")
        if word(source, "page", 0).removesuffix("xaqz") in entry and CREDIT[source] not in entry
    ]
    assert entries
    assert shown_without_credit[:1] == []


def unfolded(answer):
    return re.sub(r"\r?\n[ \t]", "", answer.body.decode("utf-8", "replace"))


def test_readers_are_sent_to_the_owners_page(answers, feed):
    pages = {one.id: one.content["canonical_url"] for one in feed if one.state == "live" and one.content}
    canonical = [
        (answer.headers_link, pages[id_])
        for answer in answers
        if answer.status == 200
        and answer.path.startswith("/v1/opportunities/")
        and (id_ := answer.path.rpartition("/")[2]) in pages
    ]
    assert canonical
    assert [pair for pair in canonical if pair[0] != f'<{pair[1]}>; rel="canonical"'] == []


def test_json_ld_names_the_owners_page(answers, feed):
    pages = {one.id: one.content["canonical_url"] for one in feed if one.state == "live" and one.content}
    documents = [orjson.loads(answer.body) for answer in answers if answer.content_type == "application/ld+json"]
    assert documents
    assert [one["@id"] for one in documents if one["url"] != pages[one["@id"].rpartition(":")[2]]] == []

"""The page at `/`: readable, escaped, without scripts, and honest about what is wrong."""

from __future__ import annotations

import re

import pytest
from fakes.feed_records import at_offset, opportunity
from fakes.partner_words import manifest
from lxml import html

from hub.api import overview
from hub.api.front_page import KEPT_MS
from hub.api.machine import Machine
from hub.api.roles import RoleStates
from hub.api.sources import SetAside
from hub.api.wrongs import OwnState, find_wrongs
from hub.api.wrongs.own import PROCESS, own_wrongs
from hub.api.wrongs.sources import CAUSES, STEPS
from hub.domain.records import Rejection
from hub.feed.read_model import Count
from hub.ingest.state import Held, RunReport, SourceState

NOW = 1_800_000_000_000


async def page(hub):
    hub.now_ms += KEPT_MS + 1
    response = await hub.client.get("/")
    text = await response.text()
    return response, text, html.fromstring(text)


async def test_it_shows_counts_sources_and_the_latest_first(hub):
    await hub.projection.apply([at_offset(n, opportunity(n)) for n in range(3)], 0, 3)
    hub.edge.sources.take_checkpoint("noorderlink", SourceState(source="noorderlink", last_success_at=hub.now_ms).to_bytes())
    response, _, tree = await page(hub)
    titles = [link.text for link in tree.xpath("//ol/li/*[1]")]
    lines = tree.xpath("//*[@aria-labelledby='sources']//tbody/tr")
    rows = [[" ".join(cell.text_content().split()) for cell in line] for line in lines]
    assert (response.status, response.content_type, tree.get("lang")) == (200, "text/html", "en")
    assert titles == ["Vacature 2", "Vacature 1", "Vacature 0"]
    assert rows[0] == ["Miitn", "has not been read yet", "never", "–", "0", "0"]
    assert rows[1] == ["Noorderlink", "ok", "2 s ago", "–", "3", "0"]


async def test_what_partners_write_is_escaped(hub):
    await hub.projection.apply([at_offset(0, opportunity(0, title="<script>alert(1)</script>"))], 0, 1)
    _, text, tree = await page(hub)
    assert "&lt;script&gt;alert(1)" in text
    assert tree.xpath("//script") == []


async def test_only_web_addresses_become_links(hub):
    item = opportunity(0).model_copy(update={"content": {"canonical_url": "javascript:alert(1)"}})
    await hub.projection.apply([at_offset(0, item)], 0, 1)
    _, text, _ = await page(hub)
    assert "javascript:" not in text


async def test_what_may_be_focused_says_what_it_is_also_out_of_its_place(hub):
    await hub.projection.apply([at_offset(n, opportunity(n)) for n in range(3)], 0, 3)
    _, _, tree = await page(hub)
    names = [link.get("aria-label") or link.text_content() for link in tree.xpath("//a")]
    headings = {heading.get("id") for heading in tree.xpath("//h2")}
    assert len(set(names)) == len(names)
    assert {box.get("aria-labelledby") for box in tree.xpath("//*[@tabindex][@role='group']")} <= headings
    assert tree.xpath("//*[@tabindex][not(@role='group')]") == []


async def test_its_style_is_allowed_by_hash_and_nothing_else_is(hub):
    response, text, _ = await page(hub)
    assert re.match(r"default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'", response.headers["Content-Security-Policy"])
    assert "style=" not in text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_before_the_feed_is_read_the_page_says_so(hub):
    hub.edge.health.missing("projection", "the feed is being read from Kafka")
    _, text, _ = await page(hub)
    assert "the feed is being read from Kafka" in text


def test_a_full_disk_is_told_before_all_that_stands_still_for_it():
    own = OwnState(missing={"broker": "Kafka is away"}, machine=Machine(free_bytes=0))
    assert [wrong.owner for wrong in find_wrongs({}, {}, own, NOW)] == ["operator", "hub"]


def test_a_role_that_hangs_is_not_sought_with_the_doctor_alone():
    (wrong,) = own_wrongs(OwnState(roles={"unify": {PROCESS: "does not answer"}}))
    assert (wrong.owner, "run.json" in wrong.advice) == ("hub", True)


async def test_a_page_whose_roles_run_elsewhere_does_not_call_them_ready(hub):
    _, text, _ = await page(hub)
    assert "every part of the hub is ready" not in text
    assert "How the hub's other roles fare is not known here" in text


async def test_an_unknown_path_and_a_wrong_method_are_problems(hub):
    missing, refused = await hub.client.get("/nothing"), await hub.client.delete("/v1/feed/pages")
    assert (missing.status, missing.content_type) == (404, "application/problem+json")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET,HEAD")


def wrongs(state=None, *, set_aside=(), missing=None, roles=None, machine=None):
    own = OwnState(missing or {}, roles or {}, machine=machine or Machine())
    return find_wrongs({"miitn": manifest("miitn")}, {"miitn": state}, own, NOW, set_aside=set_aside)


def test_a_disk_that_is_nearly_full_is_the_operators():
    (wrong,) = wrongs(machine=Machine(free_bytes=300 * 2**20))
    assert (wrong.owner, "has 0.3 GiB free" in wrong.what) == ("operator", True)
    assert wrongs(machine=Machine(free_bytes=2 * 2**30)) == []


@pytest.mark.parametrize(("days", "said"), [(9, "ends on 2027-01-24"), (-1, "ended on 2027-01-14")])
def test_the_certificate_of_kafkas_door_is_told_before_it_ends(days, said):
    (wrong,) = wrongs(machine=Machine(certificate_ends_ms=NOW + days * 86_400_000))
    assert (wrong.owner, said in wrong.what, "start the broker again" in wrong.advice) == ("operator", True, True)
    assert wrongs(machine=Machine(certificate_ends_ms=NOW + 11 * 86_400_000)) == []


def test_an_answer_that_cannot_be_trusted_is_the_partners():
    state = SourceState(source="miitn", failing_since=NOW - 5_000, cause="timeout", detail="GET /jobs: 30 s")
    [wrong] = wrongs(state)
    assert (wrong.owner, wrong.since_ms, wrong.detail) == ("Miitn", NOW - 5_000, "GET /jobs: 30 s")
    assert wrong.what == "Miitn: it does not answer in time"


def test_every_cause_has_words_and_a_next_step():
    assert set(STEPS) == set(CAUSES)


def test_a_partner_that_only_asks_the_hub_to_wait_is_named_when_it_is_overdue():
    late = SourceState(source="miitn", last_success_at=NOW - 10 * 900_000, cause="throttled", failures=9)
    for state in (late, late.model_copy(update={"throttled_until": NOW + 60_000})):
        [wrong] = wrongs(state)
        assert (wrong.owner, wrong.what) == ("Miitn", "Miitn: it asks the hub to wait")
        assert "connectors.miitn.rate" in wrong.advice


def test_an_error_that_names_a_time_to_wait_is_still_an_error():
    down = SourceState(source="miitn", failing_since=NOW - 9_000, cause="status", throttled_until=NOW + 60_000)
    assert [wrong.owner for wrong in wrongs(down)] == ["Miitn"]


def test_what_waits_for_a_word_on_a_rebuild_or_the_clock_is_the_operators():
    own = OwnState(roles={"unify": {"brake": "this rebuild would close 90 of 100"}}, clock_waits=True)
    found = find_wrongs({}, {}, own, NOW)
    assert [(wrong.owner, wrong.advice) for wrong in found] == [
        ("operator", "hub held show unify"),
        ("operator", "hub held show clock"),
    ]


def test_items_that_the_streams_lost_are_the_hubs():
    [wrong] = find_wrongs({}, {}, OwnState(lost={"miitn": 3}), NOW)
    assert (wrong.owner, "3 items of miitn" in wrong.what, "hub replay" in wrong.advice) == ("hub", True, True)


def test_a_refused_credential_is_the_operators():
    [wrong] = wrongs(SourceState(source="miitn", failing_since=NOW, cause="credential"))
    assert wrong.owner == "operator"


def test_a_site_that_moved_tells_the_setting_that_follows_it():
    [wrong] = wrongs(SourceState(source="miitn", failing_since=NOW, cause="redirect"))
    assert "connectors.miitn.base_url" in wrong.advice


def test_held_withdrawals_wait_for_the_operator():
    held = Held(run="r1", since=NOW, reason="half of it vanished", items={"1": "absence", "2": "absence"})
    [wrong] = wrongs(SourceState(source="miitn", held=held, last_run=RunReport(run="r1", started_at=NOW, outcome="held")))
    assert (wrong.owner, wrong.advice) == ("operator", "hub held show miitn")
    assert "2 withdrawals are held (half of it vanished)" in wrong.what


def test_a_source_that_no_run_reads_any_more_is_the_hubs():
    [wrong] = wrongs(SourceState(source="miitn", last_success_at=NOW - 10 * 900_000))
    assert wrong.owner == "hub"


def test_a_webhook_subscription_that_stands_is_its_subscribers():
    manifests = {"miitn": manifest("miitn")}
    [wrong] = find_wrongs(manifests, {}, OwnState(subscriptions={"active": 4, "paused": 1, "away": 0}), NOW)
    assert (wrong.owner, wrong.advice) == ("subscriber", "each one's reason: /v1/subscriptions, hub subscription list")
    assert wrong.what.startswith("1 of the webhook subscriptions is paused")


def test_a_healthy_or_disabled_source_is_not_listed():
    assert wrongs(SourceState(source="miitn", last_success_at=NOW)) == []
    assert wrongs(SourceState(source="miitn", disabled=True, failing_since=NOW, cause="timeout")) == []


@pytest.mark.parametrize(
    ("source", "state", "said"),
    [
        ("miitn", SourceState(source="miitn", disabled=True), "Miitn: 3 live opportunities come from it"),
        ("gone", None, "gone: 3 live opportunities come from it"),
    ],
    ids=["disabled", "without a connector"],
)
def test_what_is_live_of_a_source_that_nobody_reads_waits_for_the_operator(source, state, said):
    counts = (Count("live", "vacancy", ("other", source), 3), Count("closed", "vacancy", (source,), 9))
    manifests = {name: manifest(name) for name in ("miitn", "other")}
    [wrong] = find_wrongs(manifests, {source: state}, OwnState(), NOW, counts=counts)
    assert (wrong.owner, wrong.what.startswith(said)) == ("operator", True)


def test_the_hubs_own_faults_come_first_then_what_waits_then_partners():
    state = SourceState(source="miitn", failing_since=NOW, cause="credential")
    parked = [SetAside("miitn", "canonicalise", "missing_field", "title", 3), SetAside("miitn", "enrich", "bug", None, 1)]
    found = wrongs(state, set_aside=parked, missing={"broker": "Kafka is away"}, roles={"unify": {"rebuild": "held"}})
    assert [wrong.owner for wrong in found] == ["hub", "hub", "hub", "operator", "Miitn"]
    assert found[-1].what == "3 records set aside within a day: missing_field (title)"


def test_a_sources_dead_letters_are_one_line():
    [wrong] = wrongs(
        set_aside=[SetAside("miitn", "ingest", "too_large", None, 2), SetAside("miitn", "canonicalise", "syntax", "d", 1)]
    )
    assert (wrong.owner, wrong.what) == ("Miitn", "3 records set aside within a day: too_large, syntax (d)")


async def test_dead_letters_count_for_a_day(hub):
    rejection = Rejection(stage="canonicalise", reason="missing_field", field="title", source="miitn").to_bytes()
    sources = hub.edge.sources
    sources.take_rejection(rejection, NOW - 25 * 3_600_000)
    sources.take_rejection(rejection, NOW - 3_600_000)
    sources.take_rejection(b"no rejection", NOW)
    assert sources.set_aside(NOW) == [SetAside("miitn", "canonicalise", "missing_field", "title", 1)]


def test_several_platforms_listings_of_one_opening_are_counted_once():
    counts = [Count("live", "vacancy", ("miitn", "noorderlink"), 3), Count("live", "event", ("miitn",), 4)]
    matching = overview.matching_of([*counts, Count("closed", "vacancy", ("miitn", "noorderlink"), 9)], (2, 1))
    assert (matching.live, matching.shared, matching.review, matching.oversized) == (7, 3, 2, 1)


async def test_the_page_says_what_waits_and_by_which_command(hub, monkeypatch):
    async def told(_):
        return (2, 1)

    monkeypatch.setattr(RoleStates, "fetch_matching", told)
    _, _, tree = await page(hub)
    (section,) = tree.xpath("//*[@aria-labelledby='matching']")
    text = " ".join(section.text_content().split())
    assert "2 pairs of postings may be one opening and wait for a person: hub match review" in text
    assert "1 of its blocks and components is very large: hub match large" in text


async def test_the_page_claims_nothing_of_matching_while_unify_is_away(hub):
    _, _, tree = await page(hub)
    assert "is not known here" in tree.xpath("//*[@aria-labelledby='matching']")[0].text_content()

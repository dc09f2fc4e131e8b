"""Asking Make it in the North for single items: which answers prove that one is gone, and which prove nothing."""

from __future__ import annotations

import orjson
import pytest

from hub.sdk import KnownItem, Liveness
from hub.sdk.connector import load_connector
from hub.sdk.testing import Canned, source_of
from tests.fakes.wordpress_site import BASE, WordPress, error, event, listing

CONNECTOR = load_connector("hub.connectors.miitn")
HTML_404 = Canned.html("<html>no such page</html>", 404)


def known(native_id: str) -> KnownItem:
    return KnownItem(native_id, "listings" if native_id.startswith("listing") else "events", f"{BASE}/{native_id}")


async def ask(site: WordPress, *native_ids: str) -> dict[str, Liveness]:
    return dict(await source_of(CONNECTOR, site, BASE).ask([known(one) for one in native_ids]))


def expired(number: int) -> Canned:
    return Canned.json({**listing(number), "status": "expired"})


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (error(404, "rest_post_invalid_id"), Liveness.GONE),
        (error(401, "rest_forbidden"), Liveness.GONE),
        (Canned(b"\xef\xbb\xbf" + error(401, "rest_forbidden").body, status=401), Liveness.GONE),
        (expired(99), Liveness.GONE),
        (Canned.json({**listing(99), "status": "draft"}), Liveness.GONE),
        (Canned.json(listing(99)), Liveness.ALIVE),
        (Canned.json(listing(98)), Liveness.UNKNOWN),
        (error(404, "rest_no_route"), Liveness.UNKNOWN),
        (error(401, "rest_login_required"), Liveness.UNKNOWN),
        (HTML_404, Liveness.UNKNOWN),
        (Canned.html("<html>maintenance</html>"), Liveness.UNKNOWN),
        (Canned(b"", status=500), Liveness.UNKNOWN),
    ],
)
async def test_single_answer_of_a_listing_that_include_left_out(answer: Canned, verdict: Liveness) -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings/99"] = answer
    assert (await ask(site, "listing-12", "listing-99"))["listing-99"] is verdict


async def test_living_listings_take_one_request_a_hundred() -> None:
    site = WordPress()
    site.listings = {number: listing(number) for number in range(1, 151)}
    verdicts = await ask(site, *(f"listing-{number}" for number in site.listings))
    assert set(verdicts.values()) == {Liveness.ALIVE}
    assert len([url for url in site.requests if "include" in url.query]) == 2


async def test_broken_single_route_proves_nothing() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings/12"] = error(404, "rest_post_invalid_id")
    assert "listing-99" not in await ask(site, "listing-12", "listing-99")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (error(403, "event-not-accessible"), Liveness.GONE),
        (error(400, "rest_invalid_param"), Liveness.GONE),
        (Canned.json(event(99)), Liveness.ALIVE),
        (Canned.json({**event(99), "status": "draft"}), Liveness.GONE),
        (error(403, "rest_forbidden"), Liveness.UNKNOWN),
        (error(404, "rest_no_route"), Liveness.UNKNOWN),
        (Canned(orjson.dumps([])), Liveness.UNKNOWN),
        (Canned(b"", status=502), Liveness.UNKNOWN),
    ],
)
async def test_single_answer_of_an_event(answer: Canned, verdict: Liveness) -> None:
    site = WordPress()
    site.overrides["tribe/events/v1/events/99"] = answer
    assert (await ask(site, "event-99"))["event-99"] is verdict

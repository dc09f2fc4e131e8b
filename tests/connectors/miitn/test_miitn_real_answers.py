"""What a real WordPress 6.1.9 answered, and what the format makes of it (docs/connectors.md tells how to run one).

The files under `answers/` were recorded from a site whose PHP shows warnings and does not buffer its output.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.errors import SourceError
from hub.sdk import Checkpoint, Complete, KnownItem, Liveness, RawRecord, SourceEvent
from hub.sdk.connector import load_connector
from hub.sdk.formats.wordpress.text import stable_markup, without_shortcodes
from hub.sdk.testing import Canned, map_record, run_source, source_of
from tests.fakes.wordpress_site import BASE, WordPress, error, event, listing, post

CONNECTOR = load_connector("hub.connectors.miitn")
ANSWERS = Path(__file__).parent / "answers"
LIST, GONE = ((ANSWERS / name).read_bytes() for name in ("amid_warnings_list.txt", "amid_warnings_gone.txt"))
WARNING = b"<br />\n<b>Warning</b>:  Undefined array key in <b>/srv/www/functions.php</b> on line <b>9</b><br />\n"
TEXT_WARNING = b"\nWarning: Undefined array key in /srv/www/functions.php on line 9\n"
ROWS = orjson.dumps([listing(12), listing(14)])
TOTALS = {"x-wp-total": "2", "x-wp-totalpages": "1"}
COLUMNS = '<div class="is-layout-flex wp-container-{} wp-block-columns"><p>Work with us</p></div>'


def unbuffered(body: bytes) -> Canned:
    """An answer whose headers could no longer be sent."""
    return Canned(body, content_type="text/html; charset=UTF-8")


async def run(site: WordPress, checkpoint: Checkpoint | None = None) -> list[SourceEvent]:
    return await run_source(source_of(CONNECTOR, site, BASE), checkpoint)


def found(events: list[SourceEvent], native_id: str) -> RawRecord:
    return next(one for one in events if isinstance(one, RawRecord) and one.native_id == native_id)


def fingerprint(record: RawRecord) -> str:
    return CONNECTOR.fingerprint(CONNECTOR.parse(orjson.dumps(dict(record.parts))))


async def ask(site: WordPress, *numbers: int) -> dict[str, Liveness]:
    items = [KnownItem(f"listing-{number}", "listings", f"{BASE}/job/job-{number}/") for number in numbers]
    return dict(await source_of(CONNECTOR, site, BASE).ask(items))


@pytest.mark.parametrize(
    "body",
    [
        WARNING + ROWS,
        ROWS + WARNING,
        TEXT_WARNING + ROWS + TEXT_WARNING,
        2 * WARNING + ROWS,
        b"\xef\xbb\xbf\xef\xbb\xbf\n" + ROWS,
    ],
)
async def test_list_amid_whole_php_warnings_is_the_list(body: bytes) -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = Canned(body, headers=TOTALS)
    assert Complete("listings", 2, 1) in await run(site)


async def test_recorded_list_without_headers_states_no_total_and_keeps_its_listing() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = unbuffered(LIST)
    events = await run(site)
    assert found(events, "listing-113").parts["listing"]["meta"]["_job_salary"] == "3000 - 4000"
    assert Complete("listings", None, 1) in events


@pytest.mark.parametrize(
    "body",
    [
        WARNING + b'[{"id": 12, "ti',
        WARNING.replace(b"Warning", b"Fatal error") + ROWS,
        b"<script>console.log([1])</script>" + ROWS,
        WARNING + b"<html><body>[]</body></html>",
        ROWS + b"<p>Slow site?</p>",
        WARNING,
        WARNING + b'"maintenance"',
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
async def test_anything_but_json_and_whole_warnings_fails_the_run(body: bytes, content_type: str) -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = Canned(body, content_type=content_type, headers=TOTALS)
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause in ("content_type", "syntax")


async def test_recorded_refusal_that_came_as_200_proves_a_listing_gone() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings/99"] = unbuffered(GONE)
    assert (await ask(site, 12, 99))["listing-99"] is Liveness.GONE


async def test_end_of_the_pages_that_came_as_200_ends_the_walk() -> None:
    site = WordPress()
    site.listings = {number: listing(number) for number in range(1, 101)}
    past = error(400, "rest_post_invalid_page_number").body
    site.sequences["wp/v2/job-listings"] = [unbuffered(orjson.dumps(list(site.listings.values()))), unbuffered(WARNING + past)]
    assert Complete("listings", None, 2) in await run(site)


async def test_error_object_with_status_200_is_no_answer() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings"] = unbuffered(error(401, "rest_not_logged_in").body)
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "status"


@pytest.mark.parametrize(("filled", "verdict"), [(0, Liveness.ALIVE), (1, Liveness.GONE)])
async def test_listing_that_the_lists_leave_out_has_gone_when_it_is_filled(filled: int, verdict: Liveness) -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings/99"] = Canned.json(listing(99, _filled=filled))
    assert (await ask(site, 12, 99))["listing-99"] is verdict


async def test_filled_listing_that_is_listed_is_alive_and_serves_as_a_control() -> None:
    site = WordPress()
    site.listings[12] = listing(12, _filled=1)
    assert await ask(site, 12, 99) == {"listing-12": Liveness.ALIVE, "listing-99": Liveness.GONE}


async def test_number_that_rendering_gives_a_block_is_no_change() -> None:
    site, checkpoint = WordPress(), Checkpoint()
    site.listings[12]["content"]["rendered"] = COLUMNS.format(3)
    site.events[31]["description"] = COLUMNS.format(5)
    first = await run(site, checkpoint)
    site.listings[12]["content"]["rendered"] = COLUMNS.format(7)
    site.events[31]["description"] = COLUMNS.format(6)
    site.requests.clear()
    again = await run(site, checkpoint)
    assert not [url for url in site.requests if url.path == "/job/job-12/"]
    assert fingerprint(found(again, "event-31")) == fingerprint(found(first, "event-31"))
    assert fingerprint(found(await run(site), "listing-12")) == fingerprint(found(first, "listing-12"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<figure class='gallery' id='gallery-1'><a href=\"https://a.example/\">a</a></figure>", None),
        (
            '<p>&#106;obs&#x40;noorderzon.example</p><input type="hidden" name="_wpnonce" value="1f" />',
            "<p>jobs@noorderzon.example</p>",
        ),
        ("<style>.wp-container-61f{gap:1em}</style><p>Text</p>", "<p>Text</p>"),
    ],
)
def test_markup_without_what_no_reader_is_shown(one: str, other: str | None) -> None:
    assert stable_markup(one) == (other or '<figure><a href="https://a.example/">a</a></figure>')


@pytest.mark.parametrize(
    "text",
    ["<p>5 &#60; 6 &#38; &#8217;s</p>", "<p>Ask for class=&#34;A&#34;</p>", "id='7' stays text", "5 > 4, class='A' and 3 < 4"],
)
def test_text_is_not_taken_for_markup(text: str) -> None:
    assert stable_markup(text) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>[vc_row][vc_column width=&#8221;1/2&#8243;]Lead the lab[/vc_column][/vc_row]</p>", "<p>Lead the lab</p>"),
        ('[contact-form-7 id="5" title="Apply"]<p>Text</p>', "<p>Text</p>"),
        ("<p>[EUR] 3000 [see below] [12]</p>", "<p>[EUR] 3000 [see below] [12]</p>"),
    ],
)
def test_shortcodes_that_nobody_expanded_are_no_text(markup: str, text: str) -> None:
    assert without_shortcodes(markup) == text


async def test_text_of_an_event_behind_a_password_is_neither_kept_nor_shown() -> None:
    site = WordPress()
    site.events = {31: event(31, excerpt="For members.")}
    protected: dict[str, Any] = {**post(31), "content": {"protected": True}}
    site.posts = {31: protected}
    record = found(await run(site), "event-31")
    assert not {"description", "excerpt"} & record.parts["event"].keys()
    assert map_record(CONNECTOR, record).description.en is None


async def test_rest_base_behind_a_login_is_found_and_asked_with_the_credential() -> None:
    site = WordPress()
    site.user = True
    site.answers["/"] = Canned.html("<html>Log in</html>")
    site.sequences[""] = [error(401, "rest_unauthorized")]
    events = await run_source(source_of(CONNECTOR, site, f"{BASE}/", "editor:secret"))
    assert Complete("listings", 2, 1) in events
    assert all("authorization" in site.headers[nth] for nth, url in enumerate(site.requests) if url.path == "/wp-json/")


def closed(number: int) -> dict[str, Any]:
    """As the newest WP Job Manager shows a listing behind a password, or one for members only."""
    row = {key: value for key, value in listing(number).items() if key != "link"}
    return {**row, "slug": "", "title": {"rendered": ""}, "content": {"rendered": "", "protected": True}, "meta": []}


async def test_listing_that_the_site_closes_to_this_reader_has_gone() -> None:
    site = WordPress()
    site.overrides["wp/v2/job-listings/99"] = Canned.json(closed(99))
    assert (await ask(site, 12, 99))["listing-99"] is Liveness.GONE


async def test_listed_but_closed_listing_counts_as_left_out() -> None:
    site = WordPress()
    site.listings[14] = closed(14)
    events = await run(site)
    assert Complete("listings", 1, 1) in events
    assert await ask(site, 12, 14) == {"listing-12": Liveness.ALIVE, "listing-14": Liveness.GONE}


async def test_site_that_closes_all_its_listings_fails_the_run_and_asks_for_a_credential() -> None:
    site = WordPress()
    site.listings = {12: closed(12), 14: closed(14)}
    with pytest.raises(SourceError) as raised:
        await run(site)
    assert raised.value.cause == "credential"


async def test_draft_that_a_credential_shows_among_the_events_is_left_out() -> None:
    site = WordPress()
    site.events[32] = event(32, status="draft")
    events = await run(site)
    assert [one.native_id for one in events if isinstance(one, RawRecord) and one.collection == "events"] == ["event-31"]
    assert Complete("events", 1, 1) in events

"""The pages in Debian's Chromium: the main paths in both languages, with and without scripts, by keyboard and on a phone.

One server and one browser serve the whole file. Every reader is watched: an error in the console (what the policy refuses is
one), a request to another host or a dialog fails its test. axe-core judges every kind of page, light and dark, wide and at
320 pixels.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest
from fakes.judges import chromium, node_module
from fakes.shown_site import site
from fakes.shown_world import bare, closed, event, hostile, joined, long_titled, merged, region, traineeship
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytestmark = pytest.mark.integration

WIDE, PHONE, SMALLEST = {"width": 1280, "height": 900}, {"width": 390, "height": 800}, {"width": 320, "height": 700}
FULL = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LOOKS = (("light", WIDE, FULL), ("dark", WIDE, COLOURS), ("dark", SMALLEST, FULL))
COUNT, TITLES = "#count", ".rows h3 a"
PATIENCE_MS = 100_000
"""For what takes a moment on an idle machine."""
KINDS = [
    "/",
    "/docs",
    "/opportunities",
    "/opportunities?kind=vacancy&sector=energy,it_digital",
    "/opportunities?kind=course&sector=energy",
    f"/opportunities/{joined().id}",
    f"/opportunities/{event().id}",
    f"/opportunities/{traineeship().id}",
    f"/opportunities/{hostile().id}",
    f"/opportunities/{long_titled().id}",
    f"/opportunities/{bare().id}",
    f"/opportunities/{closed().id}",
    "/segments",
    "/segments/energy",
    "/segments/energy/embed",
    "/sources",
    "/opportunities?colour=red",
]
WORDS = {
    "nl": {"show": "Toon resultaten", "next": "Volgende pagina", "themes": "Thema’s", "sources": "Bronnen", "energy": "Energie"},
    "en": {"show": "Show results", "next": "Next page", "themes": "Themes", "sources": "Sources", "energy": "Energy"},
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, free_ports) -> Iterator[str]:
    chromium()
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in this thread, and `region` needs one of its own
        found_there = apart.submit(region, 60).result()
    items = [*found_there, hostile(), bare(), long_titled(), joined(), event(), traineeship(), closed(), merged(into=joined().id)]
    with site(tmp_path_factory.mktemp("site"), items, free_ports(1)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def axe() -> str:
    return (node_module("axe-core") / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def reading(browser: Browser, address: str, *, others: Sequence[str] = (), expected_errors: int = 0, **options) -> Iterator[Page]:
    """A reader with a profile of its own. `others`: origins that may be asked too; `expected_errors`: what the test provokes."""
    context: BrowserContext = browser.new_context(**{"viewport": WIDE, "locale": "nl-NL", **options})
    context.set_default_timeout(PATIENCE_MS)
    page, wrongs = context.new_page(), []

    def hear(message) -> None:
        is_status = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not is_status:
            wrongs.append(message.text)

    context.on(
        "request", lambda request: wrongs.append(request.url) if not request.url.startswith((address, *others, "data:")) else None
    )
    page.on("console", hear)
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("dialog", lambda dialog: wrongs.append(dialog.message))
    try:
        yield page
        assert len(wrongs) == expected_errors, wrongs
        assert page.title() != "taken"
    finally:
        context.close()


def number(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(COUNT).inner_text()))


# --- accessible -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing_wrong_and_nothing_overflows(browser, address, axe, path):
    language = "en" if KINDS.index(path) % 2 else "nl"
    with reading(browser, address) as page:
        page.goto(address + (path if path in ("/", "/docs") else f"/{language}{path}"))
        page.evaluate(axe)
        found, widths = [], []
        for scheme, size, rules in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            wrongs = page.evaluate("rules => axe.run(rules).then(result => result.violations)", rules)
            found += [(scheme, size["width"], wrong["id"], node["html"][:200]) for wrong in wrongs for node in wrong["nodes"]]
            widths.append(page.evaluate("document.documentElement.scrollWidth") - size["width"])
        assert found == []
        assert max(widths) <= 0


def test_axe_finds_what_is_planted(browser, address, axe):
    with reading(browser, address) as page:
        page.goto(f"{address}/nl/sources")
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"\"><input>')")
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(result => result.violations.map(wrong => wrong.id))")
        assert {"image-alt", "label"} <= set(found)


# --- the main paths ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_reader_filters_pages_on_opens_one_and_finds_themes_and_sources(browser, address, language, has_scripts):
    words, main = WORDS[language], f"{address}/{language}"
    with reading(browser, address, locale=language, java_script_enabled=has_scripts) as page:
        page.goto(f"{address}/opportunities")
        assert page.url == f"{main}/opportunities"
        everything, first = number(page), page.locator(TITLES).all_inner_texts()

        page.get_by_role("link", name=words["next"]).click()
        expect(page).to_have_url(re.compile("behind="))
        page.wait_for_load_state()  # filters apply at once from when the page's script has run
        assert not set(first[:3]) & set(page.locator(TITLES).all_inner_texts()[:3])

        page.locator("#sector-energy").check()
        if not has_scripts:
            page.get_by_role("button", name=words["show"]).click()
        expect(page).to_have_url(re.compile(r"\?sector=energy$"))
        expect(page.locator(".chosen")).to_contain_text(words["energy"])
        assert 0 < number(page) < everything

        title = page.locator(TITLES).first.inner_text()
        page.locator(TITLES).first.click()
        expect(page.locator("h1")).to_have_text(title)
        owner = page.locator("a.deed").get_attribute("href")
        assert urlsplit(owner).scheme in ("http", "https")
        assert not owner.startswith(address)

        page.get_by_role("link", name=words["themes"], exact=True).click()
        page.get_by_role("link", name=words["energy"], exact=True).click()
        expect(page.locator("h1")).to_have_text(words["energy"])
        page.get_by_role("link", name=words["sources"], exact=True).click()
        expect(page.locator(".sources > li")).to_have_count(4)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_another_language_keeps_page_and_filters(browser, address, has_scripts):
    with reading(browser, address, java_script_enabled=has_scripts) as page:
        page.goto(f"{address}/nl/opportunities?kind=vacancy")
        page.locator("#sector-energy").check()
        if not has_scripts:
            page.get_by_role("button", name="Toon resultaten").click()
        expect(page).to_have_url(re.compile("sector=energy"))
        expect(page.locator("#other-language")).to_have_attribute("href", "/en/opportunities?kind=vacancy&sector=energy")
        before = number(page)
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert (number(page), page.locator("#sector-energy").is_checked()) == (before, True)


def test_a_filter_applies_without_a_reload_and_says_so(browser, address):
    with reading(browser, address) as page:
        page.goto(f"{address}/nl/opportunities")
        page.evaluate("window.marker = 'same document'")
        before, counted = number(page), page.locator("#n-kind-event").inner_text()
        status = page.get_by_role("status")
        page.locator("#sector-energy").check()
        expect(page).to_have_url(re.compile("sector=energy"))
        expect(status).not_to_have_text(f"{before} kansen")
        assert page.evaluate("[window.marker, document.activeElement.id]") == ["same document", "sector-energy"]
        assert page.locator("#n-kind-event").inner_text() != counted
        assert page.locator(TITLES).count() == min(number(page), 20)


def test_back_leads_to_the_list_before_the_filter(browser, address):
    with reading(browser, address) as page:
        page.goto(f"{address}/nl/opportunities")
        before = page.locator(COUNT).inner_text()
        page.locator("#kind-event").check()
        expect(page).to_have_url(re.compile("kind=event"))
        expect(page.locator(COUNT)).not_to_have_text(before)
        page.go_back()
        expect(page).to_have_url(f"{address}/nl/opportunities")
        expect(page.locator(COUNT)).to_have_text(before)


def test_the_filter_form_needs_no_mouse(browser, address):
    with reading(browser, address) as page:
        page.goto(f"{address}/en/opportunities")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0

        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()  # with the next frame that is drawn
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "kind"
        outline = page.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
        assert outline == ["solid", 3]

        before = page.locator(COUNT).inner_text()
        page.keyboard.press("Space")
        expect(page.locator(COUNT)).not_to_have_text(before)
        page.locator("summary", has_text="Municipality").focus()
        page.keyboard.press("Enter")
        expect(page.locator("input[name=municipality]").first).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page).to_have_url(re.compile("municipality=GM"))


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_on_a_phone_filters_open_when_asked_and_close_with_the_results(browser, address, has_scripts):
    with reading(browser, address, viewport=PHONE, java_script_enabled=has_scripts) as page:
        page.goto(f"{address}/nl/opportunities")
        expect(page.locator("#sector-energy")).to_be_hidden()
        page.get_by_role("link", name="Filters").click()
        page.locator("#sector-energy").check()
        if has_scripts:
            expect(page).to_have_url(re.compile("sector=energy"))
            page.get_by_role("link", name="Naar de resultaten").click()
        else:
            page.get_by_role("button", name="Toon resultaten").click()
        expect(page.locator("#sector-energy")).to_be_hidden()
        expect(page.locator(".chosen")).to_contain_text("Energie")


def test_on_a_phone_no_cell_of_the_docs_is_too_narrow_for_a_word(browser, address):
    with reading(browser, address, viewport=PHONE) as page:
        page.goto(f"{address}/docs")
        widths = page.locator("td").evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert len(widths) > 20
    assert min(widths) > 200


def test_on_a_phone_the_way_on_comes_before_the_text(browser, address):
    with reading(browser, address, viewport=PHONE) as page:
        page.goto(f"{address}/nl/opportunities/{joined().id}")
        assert page.locator("a.deed").bounding_box()["y"] < page.locator(".prose").bounding_box()["y"]


def test_on_paper_a_link_to_another_site_is_followed_by_its_address(browser, address):
    told = "link => getComputedStyle(link, '::after').content.includes(link.getAttribute('href'))"
    with reading(browser, address) as page:
        page.emulate_media(media="print")
        page.goto(f"{address}/nl/opportunities/{joined().id}")
        links = page.locator("a.deed, .stated a")
        assert links.count() > 2
        assert links.evaluate_all(f"links => links.every({told})")


# --- what is over, wrong or in another site ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        (f"/nl/opportunities/{closed().id}", 410, "Deze kans staat niet meer open"),
        (f"/en/opportunities/{merged(into='').id}", 200, "Energy transition adviser"),
        ("/en/opportunities/opp-none", 404, "We do not know this opportunity"),
        ("/nl/opportunities?colour=red", 400, "Dit adres vraagt iets wat we niet kennen"),
        ("/en/nowhere", 404, "This page is not here"),
        ("/nl/segments/ended", 410, "Dit is voorbij"),
    ],
)
def test_whoever_comes_too_late_or_astray_is_told_where_to_go(browser, address, path, status, heading):
    with reading(browser, address) as page:
        assert page.goto(address + path).status == status
        expect(page.locator("h1")).to_have_text(heading)
        page.locator("main a").first.click()
        expect(page).to_have_url(re.compile("/(nl|en)/opportunities$"))


@pytest.fixture(scope="module")
def other_site(free_ports) -> Iterator[str]:
    """A site of somebody else, which frames what its query names."""

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown = html.escape(unquote(self.path.partition("?")[2]))
            body = f'<!doctype html><title>Campaign</title><link rel="icon" href="data:,"><iframe src="{shown}"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", free_ports(1)), Framing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_theme_stands_in_another_site_and_its_links_leave_the_frame(browser, address, other_site):
    with reading(browser, address, others=[other_site]) as page:
        page.goto(f"{other_site}?{address}/nl/segments/energy/embed")
        rows = page.frame_locator("iframe").locator(".rows h2 a")
        expect(rows.first).to_be_visible()
        rows.first.click()
        expect(page).to_have_url(re.compile("/nl/opportunities/opp-"))


def test_no_other_page_can_be_framed(browser, address, other_site):
    with reading(browser, address, others=[other_site], expected_errors=1) as page:
        with page.expect_console_message():
            page.goto(f"{other_site}?{address}/nl/opportunities")
        expect(page.frame_locator("iframe").locator("body")).not_to_contain_text("Werken, leren")

"""`/docs` tells the truth: every command on it runs as it stands, and answers what the page promises.

The page is read as its reader reads it: commands are copied out of the HTML and pasted into a shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from fakes.pasted import paste
from fakes.served_hub import SOURCES, ServedHub, served
from fakes.shown_feed import records
from fakes.subscribed import subscribe
from lxml import html

from hub.api.site.docs import vocabularies
from hub.api.site.docs_commands import COMMANDS
from hub.domain.posting import Kind
from hub.feed.filters import FIELDS
from hub.settings import OpsSettings, Settings

HERE = [name for name, command in COMMANDS.items() if command.needs in ("", "dlt")]
"""Commands that need nothing but the hub. Those that need Kafka or a token to read: tests/integration/test_examples.py."""
WEBHOOKS = ("subscribe", "trial", "subscriptions")
"""Commands that need a token, each what the one before has made."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    settings = Settings(state_dir=tmp_path_factory.mktemp("hub"), ops=OpsSettings(port=1))
    with served(settings, records()) as running:
        yield running


@pytest.fixture(scope="module")
def page(hub: ServedHub) -> html.HtmlElement:
    with urlopen(Request(f"{hub.url}/docs", headers={"Accept": "text/html"}), timeout=30) as answer:
        assert answer.headers.get_content_type() == "text/html"
        return html.document_fromstring(answer.read())


@pytest.mark.parametrize("name", HERE)
def test_a_command_of_the_page_does_what_it_says(page: html.HtmlElement, name: str, tmp_path: Path) -> None:
    run_and_judge(page, name, tmp_path, RUNTIME__DLTHUB_TELEMETRY="false")


def test_the_commands_of_the_page_for_webhooks_do_what_they_say_one_after_the_other(
    hub: ServedHub, page: html.HtmlElement, tmp_path: Path
) -> None:
    token = subscribe(hub).token
    for name in WEBHOOKS:
        run_and_judge(page, name, tmp_path, TOKEN=token)


@pytest.mark.parametrize(
    ("name", "right", "wrong", "told"),
    [("browse", "kind=vacancy", "kind=job", "kind: Input should be"), ("subscribe", "$TOKEN", "mine", "this is no token")],
)
def test_a_command_that_is_refused_tells_why(
    page: html.HtmlElement, tmp_path: Path, name: str, right: str, wrong: str, told: str
) -> None:
    (block,) = page.xpath(f'//pre[@data-command="{name}"]')
    assert told in paste(block.text_content().replace(right, wrong), tmp_path).stdout


def run_and_judge(page: html.HtmlElement, name: str, directory: Path, **variables: str) -> None:
    (block,) = page.xpath(f'//pre[@data-command="{name}"]')
    ran = paste(block.text_content(), directory, **variables)
    assert ran.returncode == 0, ran.stderr
    heads = (directory / "heads.txt").read_text() if (directory / "heads.txt").exists() else ""
    kinds = [kind.partition(";")[0] for kind in re.findall(r"(?im)^content-type: *(\S+)", heads)]
    assert kinds[-1:] == [block.get("data-answers")] if block.get("data-answers") else True
    assert block.get("data-says", "") in ran.stdout


def test_every_command_stands_on_the_page_once(page: html.HtmlElement) -> None:
    assert sorted(page.xpath("//pre/@data-command")) == sorted(COMMANDS)


def test_every_address_on_the_page_leads_somewhere(hub: ServedHub, page: html.HtmlElement) -> None:
    links = [link for link in page.xpath("//a/@href | //link/@href | //img/@src") if not link.startswith("#")]
    shown = [code.text_content() for code in page.xpath("//code[@data-address]")]
    embedded = re.findall(r'(?:href|src)="([^"]+)"', "".join(page.xpath("//pre[@data-embed]//text()")))
    assert len(embedded) == 2
    for link in sorted({*links, *shown, *embedded}):
        address = link.replace("&amp;", "&").replace("webcal:", "http:")
        with urlopen(address if "://" in address else hub.url + address, timeout=30) as answer:
            assert answer.status == 200, link


def test_every_jump_on_the_page_arrives(page: html.HtmlElement) -> None:
    wanted = {link.removeprefix("#") for link in page.xpath("//a/@href") if link.startswith("#")}
    assert wanted <= set(page.xpath("//@id"))


def test_the_page_names_every_filter_with_its_values(page: html.HtmlElement) -> None:
    told = {field: values for field, _, values in vocabularies(SOURCES)}
    assert list(told) == [*FIELDS, "exclude_source"]
    assert told["kind"] == [str(kind) for kind in Kind]
    assert told["source"] == told["exclude_source"] == list(SOURCES)
    assert {"noord_nederland:noord_nederland", "labour_market:drenthe", "province:PV20"} <= set(told["region"])
    shown = set(page.xpath("//table//code/text()"))
    assert {value for values in told.values() for value in values} <= shown


def test_the_page_runs_nothing(hub: ServedHub, page: html.HtmlElement) -> None:
    with urlopen(f"{hub.url}/docs", timeout=30) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert page.xpath("//script | //style | //@style | //@onclick") == []
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy

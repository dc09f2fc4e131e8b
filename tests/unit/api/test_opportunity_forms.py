"""One opportunity in three forms: chosen by Accept, each with its validator, and the same about what is gone or has moved."""

from __future__ import annotations

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from fakes.feed_records import at_offset, id_of, opportunity
from fakes.jsonld_items import item_of

from hub.api.edge import EDGE
from hub.api.item_page import ITEM_PAGE, Html
from hub.api.surfaces.opportunity import OPERATION
from hub.domain.opportunity import Opportunity

JSON, JSON_LD, HTML = "application/json", "application/ld+json", "text/html"
WHOLE = Opportunity.model_validate(item_of())


class Page:
    """Says what it was asked."""

    async def render_item(self, request, record, language):
        return Html(f"{language} {orjson.loads(record)['id']}".encode(), {"Content-Security-Policy": "default-src 'self'"})

    async def render_gone(self, request, id_, reason, language):
        return Html(f"{language} {id_} {reason}".encode())


@pytest.fixture
async def client(hub):
    """The surface with a page; what has none is asked at `hub.client`."""
    await hub.projection.apply([at_offset(0, WHOLE), at_offset(1, opportunity(1, state="closed", reason="filled"))], 0, 2)
    await hub.projection.complete()
    app = web.Application()
    app[EDGE], app[ITEM_PAGE] = hub.edge, Page()
    app.router.add_get(OPERATION.path, OPERATION.handle)
    async with TestClient(TestServer(app)) as client:
        yield client


async def ask(client, id_, accept=None, query="", **headers):
    given = {**headers, **({"Accept": accept} if accept else {})}
    return await client.get(f"/v1/opportunities/{id_}{query}", headers=given, allow_redirects=False)


@pytest.mark.parametrize(
    ("accept", "given"),
    [(None, JSON), ("*/*", JSON), (JSON, JSON), (JSON_LD, JSON_LD), (f"{JSON_LD};q=0.5, {HTML};q=0.4", JSON_LD), (HTML, HTML)],
)
async def test_the_form_is_the_one_that_was_asked_for(client, accept, given):
    response = await ask(client, WHOLE.id, accept)
    assert (response.status, response.content_type) == (200, given)


@pytest.mark.parametrize(("name", "given"), [("json", JSON), ("jsonld", JSON_LD), ("html", HTML)])
async def test_the_address_may_name_the_form(client, name, given):
    response = await ask(client, WHOLE.id, f"{HTML}, */*;q=0.1", f"?format={name}")
    assert (response.status, response.content_type) == (200, given)


async def test_json_ld_is_a_document_of_its_type(client):
    document = orjson.loads(await (await ask(client, WHOLE.id, JSON_LD)).read())
    assert (document["@context"], document["@type"], document["url"]) == (
        "https://schema.org",
        "JobPosting",
        "https://zorgnoord.example/vacatures/1",
    )


@pytest.mark.parametrize(("form", "vary"), [(JSON, {"Accept"}), (JSON_LD, {"Accept", "Accept-Language"})])
async def test_caches_are_told_what_the_form_rests_on(client, form, vary):
    response = await ask(client, WHOLE.id, form)
    assert {name.strip() for name in response.headers["Vary"].split(",")} == {"Accept-Encoding", *vary}


async def test_each_form_has_a_validator_of_its_own(client):
    tags = [(await ask(client, WHOLE.id, form)).headers["ETag"] for form in (JSON, JSON_LD, HTML)]
    assert len(set(tags)) == 3


@pytest.mark.parametrize("form", [JSON, JSON_LD, HTML])
async def test_a_form_that_the_reader_has_is_not_sent_again(client, form):
    tag = (await ask(client, WHOLE.id, form)).headers["ETag"]
    response = await ask(client, WHOLE.id, form, **{"If-None-Match": tag})
    assert (response.status, await response.read()) == (304, b"")


async def test_another_forms_validator_is_no_excuse(client):
    tag = (await ask(client, WHOLE.id, JSON)).headers["ETag"]
    assert (await ask(client, WHOLE.id, JSON_LD, **{"If-None-Match": tag})).status == 200


@pytest.mark.parametrize("form", [JSON, JSON_LD, HTML])
async def test_the_owners_page_is_the_canonical_one(client, form):
    response = await ask(client, WHOLE.id, form)
    assert response.headers["Link"] == '<https://zorgnoord.example/vacatures/1>; rel="canonical"'


@pytest.mark.parametrize("form", [JSON, JSON_LD])
async def test_head_has_the_headers_of_get(client, form):
    got, head = await ask(client, WHOLE.id, form), await client.head(f"/v1/opportunities/{WHOLE.id}", headers={"Accept": form})
    assert {name: head.headers[name] for name in ("ETag", "Vary", "Content-Type", "Content-Length")} == {
        name: got.headers[name] for name in ("ETag", "Vary", "Content-Type", "Content-Length")
    }
    assert await head.read() == b""


@pytest.mark.parametrize(
    ("query", "header", "language"), [("", "en-GB, nl;q=0.5", "en"), ("?lang=nl", "en", "nl"), ("?lang=en", "", "en")]
)
async def test_page_and_json_ld_speak_the_readers_language(client, query, header, language):
    page = await ask(client, WHOLE.id, HTML, query, **{"Accept-Language": header})
    document = orjson.loads(await (await ask(client, WHOLE.id, JSON_LD, query, **{"Accept-Language": header})).read())
    assert (await page.text(), document["inLanguage"]) == (f"{language} {WHOLE.id}", language)


async def test_the_page_brings_headers_of_its_own(client):
    assert (await ask(client, WHOLE.id, HTML)).headers["Content-Security-Policy"] == "default-src 'self'"


@pytest.mark.parametrize(("id_", "status", "reason"), [(id_of(1), 410, "filled"), ("opp-unknown", 404, None)])
async def test_people_are_told_on_a_page_what_is_gone(client, id_, status, reason):
    response = await ask(client, id_, HTML, **{"Accept-Language": "en"})
    assert (response.status, await response.text()) == (status, f"en {id_} {reason}")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("form", [JSON, JSON_LD])
async def test_programs_are_told_in_a_problem_what_is_gone(hub, form):
    await hub.projection.apply([at_offset(0, opportunity(1, state="closed", reason="filled"))], 0, 1)
    await hub.projection.complete()
    response = await ask(hub.client, id_of(1), form)
    assert (response.status, response.content_type) == (410, "application/problem+json")


async def test_a_form_that_is_not_there_is_refused_with_those_that_are(hub):
    response = await ask(hub.client, id_of(1), "image/png")
    problem = orjson.loads(await response.read())
    assert (response.status, problem["type"], response.headers["Vary"]) == (406, "urn:hub:problem:not-acceptable", "Accept")
    assert JSON_LD in problem["detail"]


async def test_a_moved_one_is_led_on_to_in_the_language_that_was_asked(hub):
    await hub.projection.apply([at_offset(0, opportunity(1, redirects=(id_of(2),)))], 0, 1)
    await hub.projection.complete()
    response = await ask(hub.client, id_of(2), JSON_LD, "?format=jsonld&lang=en")
    assert (response.status, response.headers["Cache-Control"]) == (307, "public, max-age=60")
    assert response.headers["Location"] == str(hub.client.make_url(f"/v1/opportunities/{id_of(1)}?format=jsonld&lang=en"))


async def test_following_a_redirect_keeps_the_form(hub):
    await hub.projection.apply([at_offset(0, opportunity(1, redirects=(id_of(2),)))], 0, 1)
    await hub.projection.complete()
    response = await hub.client.get(f"/v1/opportunities/{id_of(2)}", headers={"Accept": JSON_LD})
    assert (response.status, response.content_type) == (200, JSON_LD)


async def test_an_address_of_the_owner_cannot_write_headers(hub):
    item = item_of()
    item["content"]["canonical_url"] = "https://zorgnoord.example/é?a=<x>"
    item["sources"][0]["url"] = None
    await hub.projection.apply([at_offset(0, Opportunity.model_validate(item))], 0, 1)
    await hub.projection.complete()
    response = await ask(hub.client, item["id"])
    assert (response.status, "<x>" in response.headers.get("Link", "")) == (200, False)

"""Asking for items singly: what each kind of answer proves, and what it does not."""

from __future__ import annotations

import pytest

from hub.errors import SourceError
from hub.sdk import KnownItem, Liveness
from hub.sdk.ask import Page, ask, ask_all
from hub.sdk.testing import Canned, FakeHttp

ADDRESS = "https://p.example/item/a"
ITEM = KnownItem("a", "items", ADDRESS)


def own(path: str = "/item/a") -> Canned:
    return Canned.html(f'<link rel="canonical" href="{path}"><h1>A</h1>')


async def answer(canned: Canned, **others: Canned) -> Liveness:
    return await ask(FakeHttp({"/item/a": canned, **{f"/{name}": one for name, one in others.items()}}), ITEM)


@pytest.mark.parametrize(
    ("canned", "proof"),
    [
        (own(), Liveness.ALIVE),
        (own("https://www.p.example/item/a/?utm_source=x"), Liveness.ALIVE),
        (Canned.html("<h1>no word on whose it is</h1>"), Liveness.ALIVE),
        (own("/item/b"), Liveness.GONE),
        (own("https://employer.example/vacancy/9"), Liveness.ALIVE),
        (Canned.html('<meta property="og:url" content="https://p.example/item/b">'), Liveness.GONE),
        (Canned.html('<meta name="ROBOTS" content="NOINDEX, nofollow">'), Liveness.GONE),
        (Canned(b"<h1>A</h1>", content_type="text/html", headers={"x-robots-tag": "noindex"}), Liveness.GONE),
        (Canned(status=404), Liveness.GONE),
        (Canned(status=410), Liveness.GONE),
        (Canned(status=401), Liveness.UNKNOWN),
        (Canned(status=403), Liveness.UNKNOWN),
        (Canned(status=500), Liveness.UNKNOWN),
        (Canned("é".encode("latin-1"), content_type="text/html; charset=utf-8"), Liveness.UNKNOWN),
        (Canned(error=SourceError("timeout", "no answer")), Liveness.UNKNOWN),
        (Canned(status=302, headers={"location": "https://login.example/"}), Liveness.UNKNOWN),
        (Canned(status=302, headers={"location": "http://[::bad"}), Liveness.UNKNOWN),
    ],
)
async def test_answer_proves_what_it_says(canned: Canned, proof: Liveness) -> None:
    assert await answer(canned) is proof


async def test_redirect_to_another_items_page_is_gone() -> None:
    assert await answer(Canned(status=301, headers={"location": "/other"}), other=own("/other")) is Liveness.GONE


async def test_redirect_to_a_page_that_names_this_item_is_alive() -> None:
    assert await answer(Canned(status=301, headers={"location": "/other"}), other=own("/item/a")) is Liveness.ALIVE


async def test_redirect_to_a_page_that_names_nobody_is_unknown() -> None:
    assert (
        await answer(Canned(status=301, headers={"location": "/other"}), other=Canned.html("<h1>List</h1>")) is Liveness.UNKNOWN
    )


async def test_redirect_that_ends_in_404_is_gone() -> None:
    assert await answer(Canned(status=301, headers={"location": "/nowhere"})) is Liveness.GONE


@pytest.mark.parametrize("above", ["/", "/item", "/item/"])
async def test_redirect_up_to_the_list_or_the_home_page_is_gone(above: str) -> None:
    http = FakeHttp({"/item/a": Canned(status=302, headers={"location": above}), above: Canned.html("<h1>Jobs</h1>")})
    assert await ask(http, ITEM) is Liveness.GONE


async def test_redirect_up_to_a_page_that_names_this_item_is_alive() -> None:
    http = FakeHttp({"/item/a": Canned(status=301, headers={"location": "/item"}), "/item": own("/item/a")})
    assert await ask(http, ITEM) is Liveness.ALIVE


async def test_redirect_by_way_of_the_final_slash_is_followed() -> None:
    away = Canned(status=302, headers={"location": "/"})
    http = FakeHttp({"/item/a": Canned(status=301, headers={"location": "/item/a/"}), "/item/a/": away, "/": Canned.html("")})
    assert await ask(http, ITEM) is Liveness.GONE


async def test_redirect_in_circles_is_unknown() -> None:
    away = Canned(status=302, headers={"location": "/other"})
    assert await answer(Canned(status=301, headers={"location": "/other"}), other=away) is Liveness.UNKNOWN


async def test_platform_may_name_its_pages_in_its_own_way() -> None:
    def by_heading(page: Page, item: KnownItem) -> bool | None:
        return f"<h1>{item.native_id}</h1>" in page.response.text()

    assert await ask(FakeHttp({"/item/a": Canned.html("<h1>b</h1>")}), ITEM, by_heading) is Liveness.GONE


async def test_throttled_partner_ends_the_asking() -> None:
    with pytest.raises(SourceError, match="429"):
        await answer(Canned(status=429))


async def test_item_without_address_is_left_out() -> None:
    assert await ask_all(FakeHttp(), [KnownItem("x", "items", None)]) == {}

"""Web addresses and e-mail addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from hub.domain.posting import Url
from hub.sdk.formats.addresses import host_of, to_email, to_web_address

BASE = "https://x.nl/vacature/1?a=b"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.umcg.nl", "https://www.umcg.nl"),
        ("HTTP://Umcg.nl/Pad", "http://Umcg.nl/Pad"),
        ("umcg.nl", "https://umcg.nl"),
        ("www.umcg.nl/werken?x=1", "https://www.umcg.nl/werken?x=1"),
        ("//cdn.x.nl/logo.png", "https://cdn.x.nl/logo.png"),
        ("/aanmelden", "https://x.nl/aanmelden"),
        ("#aanmelden", "https://x.nl/vacature/1?a=b#aanmelden"),
        ("https://x.nl/?a=1&#038;b=2", "https://x.nl/?a=1&b=2"),
        (" https://x.nl ", "https://x.nl"),
    ],
)
def test_addresses_are_completed_by_scheme_and_page(text: str, address: str) -> None:
    assert to_web_address(text, BASE) == address


@pytest.mark.parametrize(
    "text", ["", "n.v.t.", "geen", "jobs@x.nl", "javascript:alert(1)", "https://", "http://[", "x.nl en y.nl", "https://x:99999"]
)
def test_what_is_no_web_address_is_none(text: str) -> None:
    assert to_web_address(text, BASE) is None


@given(st.text())
def test_every_address_is_one_that_the_canonical_model_takes(text: str) -> None:
    address = to_web_address(text, BASE) or "https://x.nl"
    assert TypeAdapter(Url).validate_python(address) == address


@pytest.mark.parametrize(
    ("text", "email"),
    [("jobs@x.nl", "jobs@x.nl"), ("mailto:jobs@x.nl?subject=a", "jobs@x.nl"), ("x.nl", None), ("jobs at x.nl", None), ("", None)],
)
def test_an_email_is_found_bare_and_in_a_mailto(text: str, email: str | None) -> None:
    assert to_email(text) == email


@pytest.mark.parametrize(("address", "host"), [("https://www.UMCG.nl/a", "umcg.nl"), (None, None), ("https://[", None)])
def test_host_is_without_www(address: str | None, host: str | None) -> None:
    assert host_of(address) == host

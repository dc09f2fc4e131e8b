"""Style sheet and scripts: content in the name, kept for ever, and htmx as it was published."""

from __future__ import annotations

import hashlib

import pytest
from fakes.shown_site import get, site

from hub.api.site.static_files import ADDRESSES

HTMX_2_0_11 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""sha256 of dist/htmx.min.js in npm's htmx.org 2.0.11."""


@pytest.fixture(scope="module")
def address(tmp_path_factory, free_ports):
    with site(tmp_path_factory.mktemp("site"), [], free_ports(1)) as found:
        yield found


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_file_may_be_kept_for_a_year_under_a_name_that_holds_its_hash(address, name):
    got = get(address, ADDRESSES[name])
    assert (got.status, got.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert hashlib.sha256(got.body).hexdigest()[:12] in ADDRESSES[name]


def test_another_hash_is_another_file(address):
    assert get(address, "/static/site.000000000000.css", Accept="*/*").status == 404


def test_htmx_is_the_published_file(address):
    assert hashlib.sha256(get(address, ADDRESSES["htmx.min.js"]).body).hexdigest() == HTMX_2_0_11


def test_the_style_sheet_asks_nobody_for_anything(address):
    sheet = get(address, ADDRESSES["site.css"]).text
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "@font-face" not in sheet

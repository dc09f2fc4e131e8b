"""Validators and packing of answers, by RFC 9110."""

from __future__ import annotations

import gzip

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from hub.api.answers import accepts_gzip, answer

BODY = b"x" * 2_000


def ask(**headers):
    return make_mocked_request("GET", "/", headers=headers)


@pytest.mark.parametrize("header", ["gzip", "br, gzip", "gzip;q=0.5", "deflate, GZIP;q=1.0", "*"])
def test_who_names_gzip_or_anything_gets_it(header):
    assert accepts_gzip(header)


@pytest.mark.parametrize("header", ["", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "br", "*, gzip;q=0"])
def test_who_refuses_gzip_or_names_others_gets_none(header):
    assert not accepts_gzip(header)


async def test_a_large_body_is_packed_for_whom_it_suits():
    request = ask(**{"Accept-Encoding": "gzip"})
    response = answer(request, BODY, max_age=2)
    await response.prepare(request)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.body) == BODY
    assert "Accept-Encoding" in response.headers["Vary"]


def test_packed_and_plain_share_one_tag():
    tags = {answer(ask(**headers), BODY, max_age=2).headers["ETag"] for headers in ({}, {"Accept-Encoding": "gzip"})}
    assert len(tags) == 1


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*", " * "])
def test_who_has_it_gets_no_body(form):
    tag = answer(ask(), BODY, max_age=2).headers["ETag"]
    response = answer(ask(**{"If-None-Match": form.format(tag)}), BODY, max_age=2)
    assert (response.status, response.body) == (304, None)
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, max-age=2"


@pytest.mark.parametrize("tags", [('"other"', "{}"), ("{}", 'W/"other"'), ('W/"a,b"', '"x", {}')])
def test_tags_of_several_header_lines_are_one_list(tags):
    tag = answer(ask(), BODY, max_age=2).headers["ETag"]
    headers = CIMultiDict([("If-None-Match", one.format(tag)) for one in tags])
    assert answer(make_mocked_request("GET", "/", headers=headers), BODY, max_age=2).status == 304


@pytest.mark.parametrize("form", ['"*"', "", "{}x", '"other, {}'])
def test_what_names_no_tag_of_ours_brings_the_body(form):
    bare = answer(ask(), BODY, max_age=2).headers["ETag"][3:-1]
    assert answer(ask(**{"If-None-Match": form.format(bare)}), BODY, max_age=2).status == 200


def test_another_body_has_another_tag():
    tag = answer(ask(), BODY, max_age=2).headers["ETag"]
    assert answer(ask(**{"If-None-Match": tag}), BODY + b"y", max_age=2).status == 200


def test_text_says_its_charset_and_json_needs_none():
    assert answer(ask(), b"a", max_age=2, content_type="text/html").headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer(ask(), b"a", max_age=2).headers["Content-Type"] == "application/json"


def test_vary_of_the_caller_stands_beside_the_encoding():
    response = answer(ask(), b"a", max_age=2, headers={"Vary": "Accept, Accept-Language", "Link": "<x>"})
    assert response.headers["Vary"] == "Accept-Encoding, Accept, Accept-Language"
    assert response.headers["Link"] == "<x>"

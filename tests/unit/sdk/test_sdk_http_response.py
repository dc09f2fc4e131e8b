"""A response's text and JSON: strict charsets, and never a page taken for a list."""

from __future__ import annotations

from typing import Any

import pytest
from yarl import URL

from hub.errors import SourceError
from hub.sdk.http import Response


def response(body: bytes, content_type: str = "application/json") -> Response:
    return Response(200, URL("http://p.example/"), {"content-type": content_type}, body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é".encode(), "text/plain"),
        ("é".encode(), "text/plain; charset=UTF-8"),
        ("é".encode("latin-1"), 'text/plain; charset="iso-8859-1"'),
        (b"\xef\xbb\xbf" + "é".encode(), "text/plain; charset=iso-8859-1"),
        ("é".encode("utf-16"), "text/plain"),
    ],
)
def test_text_is_decoded_as_declared(body: bytes, content_type: str) -> None:
    assert response(body, content_type).text() == "é"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("café – € 3.100".encode("cp1252"), "iso-8859-1"),
        ("café – € 3.100".encode(), "ISO-8859-1"),
        ("café – € 3.100".encode("cp1252"), "windows-1252"),
    ],
)
def test_latin_1_is_what_browsers_take_it_for(body: bytes, charset: str) -> None:
    assert response(body, f"text/html; charset={charset}").text() == "café – € 3.100"


def test_bytes_that_windows_1252_leaves_out_are_read() -> None:
    assert response(b"caf\xe9\x81", "text/html; charset=iso-8859-1").text() == "café\x81"


META = '<meta http-equiv="Content-Type" content="text/html; charset=%s">é'


@pytest.mark.parametrize(
    ("stated", "written"), [("ISO-8859-1", "latin-1"), ("utf-8", "utf-8"), ("windows-1252", "utf-8")], ids=lambda name: name
)
def test_page_names_its_charset_where_its_header_does_not(stated: str, written: str) -> None:
    assert response((META % stated).encode(written), "text/html").text().endswith("é")


def test_charset_of_the_header_outranks_that_of_the_page() -> None:
    with pytest.raises(SourceError):
        response((META % "latin-1").encode("latin-1"), "text/html; charset=utf-8").text()


@pytest.mark.parametrize(
    "content_type", ["text/plain; charset=utf-8", "text/plain; charset=klingon", "text/plain", "text/plain; charset=ascii"]
)
def test_text_that_does_not_decode_is_a_charset_error(content_type: str) -> None:
    with pytest.raises(SourceError) as caught:
        response("Coördinator".encode("latin-1"), content_type).text()
    assert caught.value.cause == "charset"


@pytest.mark.parametrize(
    ("body", "content_type", "value"),
    [
        (b'{"a": "\xc3\xa9"}', "application/json", {"a": "é"}),
        (b'\xef\xbb\xbf{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
        (b'{"a": "\xe9"}', "application/json; charset=iso-8859-1", {"a": "é"}),
        (b'{"a": "\xc3\xa9"}', "application/json; charset=iso-8859-1", {"a": "é"}),
    ],
)
def test_json_is_read_as_utf8_wherever_its_bytes_are_that(body: bytes, content_type: str, value: Any) -> None:
    assert response(body, content_type).json() == value


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        (b"{}", "text/html; charset=utf-8", "content_type"),
        (b"<html></html>", "application/json", "syntax"),
        (b"", "application/json", "syntax"),
        (b'{"a": [1, 2', "application/json", "syntax"),
        (b'{"a": "\xe9"}', "application/json", "charset"),
        (b'{"a": "\xe9"}', "application/json; charset=utf-8", "charset"),
    ],
)
def test_what_is_not_json_names_its_cause(body: bytes, content_type: str, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        response(body, content_type).json()
    assert caught.value.cause == cause

"""XML of a partner: read in its true charset, hardened, and never out of a page."""

from __future__ import annotations

import pytest
from yarl import URL

from hub.errors import SourceError
from hub.sdk.http import Response
from hub.sdk.xml import xml_of

TEXT = "<jobs><job>Café</job></jobs>"
LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>'
BOMB = '<!DOCTYPE jobs [<!ENTITY a "aaaa">]><jobs>&a;</jobs>'


def answer(body: bytes, content_type: str = "text/xml") -> Response:
    return Response(200, URL("https://partner.example/xml"), {"content-type": content_type}, body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), "text/xml"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/xml"),
        ((LATIN + TEXT).encode(), "text/xml; charset=UTF-8"),
        ((LATIN + TEXT).encode("latin-1"), "application/xml"),
        (TEXT.encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        (TEXT.encode("utf-16"), "text/xml"),
    ],
)
def test_text_is_read_in_its_true_charset(body: bytes, content_type: str) -> None:
    assert xml_of(answer(body, content_type)).findtext("job") == "Café"


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        (b"<html>log in</html>", "text/html", "content_type"),
        (b"<!DOCTYPE html><p>one moment", "text/xml", "content_type"),
        (TEXT.encode()[:20], "text/xml", "syntax"),
        (b"", "text/xml", "syntax"),
        (BOMB.encode(), "text/xml", "syntax"),
        (TEXT.encode("latin-1"), "text/xml", "charset"),
        (TEXT.encode("latin-1"), "text/xml; charset=nonsense", "charset"),
    ],
)
def test_what_is_no_list_fails_with_its_cause(body: bytes, content_type: str, cause: str) -> None:
    with pytest.raises(SourceError) as caught:
        xml_of(answer(body, content_type))
    assert caught.value.cause == cause

"""XML as partners publish it → a tree, without entities, DTDs or network: a bomb or an external entity is refused.

What is valid UTF-8 is read as that, whatever the file declares of itself; else the answer's header decides, then the file
(RFC 7303, section 3.2). A bare `&` in an address is forgiven.
"""

from __future__ import annotations

import re

from lxml import etree

from hub.errors import SourceError
from hub.sdk.http import Response, is_utf8

_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)", re.I)


def xml_of(response: Response) -> etree._Element:
    """The root of an answer. Raises SourceError: `content_type` for a page, `charset`, or `syntax`."""
    body = response.body
    if "html" in response.content_type or body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise SourceError("content_type", f"{response.url} answered a page instead of XML")
    return parse_xml(body, str(response.url), response.charset)


def parse_xml(body: bytes, where: str, charset: str = "") -> etree._Element:
    """`charset`: what the header declares. Raises SourceError (`charset`, `syntax`)."""
    charset = "utf-8" if is_utf8(body) else charset
    try:
        try:
            root = etree.fromstring(body.strip(), _parser(charset))
        except etree.XMLSyntaxError:
            root = etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", body.strip()), _parser(charset))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        cause = "charset" if "encod" in str(error).lower() or "utf-8" in str(error).lower() else "syntax"
        raise SourceError(cause, f"{where} is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError("syntax", f"{where} declares entities, which no list needs")
    return root


def _parser(charset: str) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=charset or None, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )

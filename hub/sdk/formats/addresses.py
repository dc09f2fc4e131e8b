"""Web addresses as people type them → addresses that the canonical model takes, or nothing."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?\Z", re.I)
_USUAL = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[1-9]\d{0,3})?(?:[/?#][!-~]*)?\Z", re.ASCII)
"""Addresses as nearly all are: nothing in them could be refused, so they need not be taken apart."""
_EMAIL = re.compile(r"[^@\s<>,;:]+@[^@\s<>,;:]+\.[a-z]{2,}\Z", re.I)


@lru_cache(maxsize=1024)
def to_web_address(text: str, base: str | None = None) -> str | None:
    """`umcg.nl` → `https://umcg.nl`, `/vacature/1` joined to `base`; None for what is no web address.

    Entities are resolved, since addresses out of HTML carry `&#038;`.
    """
    text = html.unescape(text.strip()) if text else ""
    if len(text) <= 4_000 and _USUAL.match(text):
        return text
    if not text or len(text) > 4_000 or text.split() != [text]:
        return None
    lowered = text.lower()
    if lowered.startswith(("http://", "https://")):
        address = text
    elif text.startswith("//"):
        address = "https:" + text
    elif _BARE_HOST.match(text):
        address = "https://" + text
    elif base and text.startswith(("/", "?", "./", "../", "#")):
        address = urljoin(base, text)
    else:
        return None
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    if not valid:
        return None
    scheme, _, rest = address.partition(":")
    return f"{scheme.lower()}:{rest}"


@lru_cache(maxsize=4096)
def host_of(address: str | None) -> str | None:
    """The host without `www.`, lower case: an organisation's domain as far as its address tells."""
    if not address:
        return None
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def to_email(text: str) -> str | None:
    """`mailto:jobs@x.nl?subject=…` or `jobs@x.nl` → the address."""
    text = html.unescape(text.strip()).removeprefix("mailto:").partition("?")[0].strip()
    return text if _EMAIL.match(text) else None

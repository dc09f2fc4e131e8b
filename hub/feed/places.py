"""A place in the walk through what is newest, as a token that a link carries: what was not given out here is refused.

The token holds the place itself, so that it never grows old, on whatever host and after whatever restart. Its check only
tells a mangled token from a whole one; there is nothing to be won by making one up, since any place may be asked for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from hub.feed.read_model import Place

_CHECK = 4
_FORM = re.compile(r"(-?[0-9]{1,18}) ([\x21-\x7e]{1,64})")
LONGEST = 160


def to_token(place: Place) -> str:
    """Letters, digits, `-` and `_`."""
    plain = f"{place.published} {place.id}".encode()
    return base64.urlsafe_b64encode(_check(plain) + plain).rstrip(b"=").decode()


def from_token(token: str) -> Place:
    """Raises ValueError for what is no token of ours."""
    try:
        held = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("take it from `next`, as it stands there") from error
    match = _FORM.fullmatch(held[_CHECK:].decode("ascii", "replace"))
    place = Place(int(match[1]), match[2]) if match is not None and held[:_CHECK] == _check(held[_CHECK:]) else None
    if place is None or to_token(place) != token:
        raise ValueError("take it from `next`, as it stands there")
    return place


def _check(plain: bytes) -> bytes:
    return hashlib.sha256(plain).digest()[:_CHECK]

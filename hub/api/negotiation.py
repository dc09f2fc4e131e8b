"""What a reader would rather have: media type by `Accept`, language by `lang=` and `Accept-Language` (RFC 9110 §12.5). Pure.

Of equal weights the server's own order decides. A header that says nothing readable counts as absent: a reader with a
broken header gets the default and no error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hub.domain.posting import Lang
from hub.feed.reading import LANGUAGES

_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
_RANGE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+")
_TAG = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*|\*")


def choose_type(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` (the most general first) that `accept` weighs most; None: none of them will do.

    Parameters beside `q` are not told apart: `application/ld+json;profile=…` asks for JSON-LD.
    """
    ranges = [(name, weight, bare) for name, weight, bare in _weighted(accept) if _RANGE.fullmatch(name)]
    if not ranges:
        return offered[0]
    weights = {one: _weight_of(one, ranges) for one in offered}
    best = max(offered, key=weights.__getitem__)  # the first of equals
    return best if weights[best] > 0 else None


def choose_language(asked: Lang | None, accept_language: str) -> Lang:
    """What the address asks for, else the language that the header weighs most, else the first of `LANGUAGES`."""
    if asked is not None:
        return asked
    wanted = [(name, weight) for name, weight, _ in _weighted(accept_language) if _TAG.fullmatch(name)]

    def weight_of(language: str) -> float:
        stated = [weight for name, weight in wanted if name.partition("-")[0] == language]
        return max(stated) if stated else max((weight for name, weight in wanted if name == "*"), default=0.0)

    return max(LANGUAGES, key=weight_of)


def _weight_of(media_type: str, ranges: Sequence[tuple[str, float, bool]]) -> float:
    """By the most specific range that fits (RFC 9110 §12.5.1)."""
    main = media_type.partition("/")[0]
    for names, is_bare in ((media_type, True), (media_type, False), (f"{main}/*", None), ("*/*", None)):
        fitting = [weight for name, weight, bare in ranges if name == names and is_bare in (None, bare)]
        if fitting:
            return max(fitting)
    return 0.0


def _weighted(header: str) -> Iterator[tuple[str, float, bool]]:
    """(name in lower case, weight, has no parameters of its own) of each element that can be read."""
    for element in header.split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        weight, is_bare = "1", True
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                weight = value.strip()
                break
            is_bare = False
        if name and _WEIGHT.fullmatch(weight):
            yield name.lower(), float(weight), is_bare

"""Where in a line a slow pattern can match at all: it is tried there and not at each place of the line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator


def mailbox_spots(line: str) -> Iterator[tuple[int, int]]:
    """Where an address may stand: its part before the sign holds no space, but one may part it from the sign."""
    at = line.find("@")
    while at >= 0:
        local_end = at - 1 if line[at - 1 : at].isspace() else at
        yield line.rfind(" ", 0, local_end) + 1, at + 1
        at = line.find("@", at + 1)


def replace_near(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], line: str, spots: Iterable[tuple[int, int]]
) -> str:
    """As `pattern.sub`, where every match begins within one of `spots`: a slow pattern need not try each place of a line."""
    pieces: list[str] = []
    position = 0
    for start, end in spots:
        while position < end:
            match = pattern.search(line, max(position, start))
            if match is None:
                return "".join((*pieces, line[position:]))
            pieces += (line[position : match.start()], replace(match))
            position = match.end()
    return "".join((*pieces, line[position:]))

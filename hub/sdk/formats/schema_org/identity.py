"""Which id an item of a page has: its `identifier`, else the page's path.

Sites write their company's own number into every page, or one opening onto two pages. So an identifier is the item's
that showed it first, in this run or an earlier one. A later page with it and the same title, or a translation of that
page, shows the same item again; one with another title is an item of its own and goes by its path from then on.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yarl import URL

from hub.sdk.formats.schema_org.page_memory import PageMemory
from hub.sdk.formats.schema_org.values import as_text

MOST_ID = 400


@dataclass(frozen=True, slots=True)
class Claim:
    """An id is taken by the page at `address`; `mark` tells the titles of items apart."""

    address: str
    mark: int


class Identities:
    """The ids of one run. Ask page by page, in the order of the sitemap."""

    def __init__(self, memory: PageMemory, listed: Collection[str]) -> None:
        self._earlier = {
            native_id: Claim(address, mark) for address in listed for native_id, mark in memory.items_of(address).items()
        }
        self._taken: dict[str, Claim] = {}

    def keep(self, native_id: str, address: str, mark: int) -> bool:
        """Take an id that a page had before; False when another page of this run has it."""
        return self._taken.setdefault(native_id, Claim(address, mark)).address == address

    def take(self, node: Mapping[str, Any], address: str, place: int, known: Collection[str], alternates: Collection[str]) -> str:
        """The item's id. Raises `DoubleError` when the page shows an item of another one again."""
        path, stated, mark = path_id(address, place), identifier_of(node), mark_of(node)
        claim = self._taken.get(stated) or self._earlier.get(stated)
        is_taken = claim is not None and (claim.address != address or stated in self._taken)
        if claim is not None and is_taken and (claim.mark == mark or claim.address in alternates):
            raise DoubleError(claim.address)
        native_id = path if is_taken or not stated or path in known else stated
        if not self.keep(native_id, address, mark):
            raise DoubleError(self._taken[native_id].address)
        return native_id


class DoubleError(Exception):
    """The argument is the address of the page that has the item."""


def ids_of(node: Mapping[str, Any], address: str, place: int) -> set[str]:
    """Every id under which the item may be known."""
    return {path_id(address, place), identifier_of(node) or path_id(address, place)}


def identifier_of(node: Mapping[str, Any]) -> str:
    """`identifier.value`, or `identifier` as a text; empty for none."""
    identifier = node.get("identifier")
    for entry in identifier if isinstance(identifier, list) else [identifier]:
        text = as_text(entry.get("value")) if isinstance(entry, dict) else as_text(entry)
        if text:
            return text[:MOST_ID]
    return ""


def path_id(address: str, place: int) -> str:
    """The page's path; a further item of a page gets its place."""
    path = URL(address).raw_path_qs
    return path if place == 0 else f"{path}#{place + 1}"


def mark_of(node: Mapping[str, Any]) -> int:
    return zlib.crc32((as_text(node.get("title")) or as_text(node.get("name"))).lower().encode())

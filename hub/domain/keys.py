"""Identity: source keys and opportunity ids, both stable for ever and never reused."""

from __future__ import annotations

import base64
import hashlib
import re

OPPORTUNITY_ID = re.compile(r"\bopp-[a-z2-7]{16}\b")
"""An id of ours wherever it stands in a text or an address (echo check, partners.md R8)."""

PAIR_SEPARATOR = "\x1f"


def source_key(source: str, native_id: str) -> str:
    """`{source}:{native id}`, the key of every posting topic."""
    return f"{source}:{native_id}"


def source_of(key: str) -> str:
    return key.partition(":")[0]


def native_id_of(key: str) -> str:
    return key.partition(":")[2]


def opportunity_id(key: str) -> str:
    """The id that posting `key` owns: `opp-` + base32(sha256(source key))[:16], lower case (matching.md §6)."""
    digest = hashlib.sha256(key.encode()).digest()
    return "opp-" + base64.b32encode(digest[:10]).decode().lower()  # ten bytes are sixteen letters


def pair_key(first: str, second: str) -> str:
    """Key of an operator's word on two postings: both source keys, smaller first, joined by U+001F."""
    return PAIR_SEPARATOR.join(sorted((first, second)))


def split_pair_key(key: str) -> tuple[str, str]:
    first, _, second = key.partition(PAIR_SEPARATOR)
    return first, second

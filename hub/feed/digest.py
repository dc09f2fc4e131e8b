"""The digest: equal live opportunities have equal digests, on every surface and in any order.

256 buckets by the first byte of sha256(id); a bucket is the sum of sha256(id ‖ version) over its live items, modulo
2^256. Sums do not depend on order, so adding and removing one item at a time gives what a count from nothing gives,
and a differing bucket tells which 256th of the items to compare. Text is hashed as UTF-8, numbers are big-endian.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

BUCKETS = 256
_WIDTH = 32
_MODULUS = 1 << (8 * _WIDTH)


def bucket_of(id_: str) -> int:
    return hashlib.sha256(id_.encode()).digest()[0]


def value_of(id_: str, version: str) -> int:
    return int.from_bytes(hashlib.sha256(id_.encode() + version.encode()).digest(), "big")


class Digest:
    """The buckets of a set of live items, kept by adding and removing."""

    def __init__(self, buckets: list[int] | None = None) -> None:
        self._buckets = buckets if buckets is not None else [0] * BUCKETS

    @classmethod
    def of(cls, items: Iterable[tuple[str, str]]) -> Digest:
        """Digest of (id, version) pairs, each id once."""
        digest = cls()
        for id_, version in items:
            digest.add(id_, version)
        return digest

    @classmethod
    def from_bytes(cls, stored: bytes) -> Digest:
        return cls([int.from_bytes(stored[at : at + _WIDTH], "big") for at in range(0, BUCKETS * _WIDTH, _WIDTH)])

    def to_bytes(self) -> bytes:
        return b"".join(value.to_bytes(_WIDTH, "big") for value in self._buckets)

    def add(self, id_: str, version: str) -> None:
        bucket = bucket_of(id_)
        self._buckets[bucket] = (self._buckets[bucket] + value_of(id_, version)) % _MODULUS

    def remove(self, id_: str, version: str) -> None:
        bucket = bucket_of(id_)
        self._buckets[bucket] = (self._buckets[bucket] - value_of(id_, version)) % _MODULUS

    @property
    def buckets(self) -> list[str]:
        """Each bucket as 64 hexadecimal digits."""
        return [value.to_bytes(_WIDTH, "big").hex() for value in self._buckets]

    @property
    def hex(self) -> str:
        """One word for all: sha256 over the buckets' bytes in order."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Digest) and self._buckets == other._buckets

    def __hash__(self) -> int:
        return hash(self.hex)

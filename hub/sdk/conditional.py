"""Conditional requests: what the last complete run learned of each address, and what this run learns.

The runtime saves what was collected after a complete run only; so "not modified" always means "as the last complete
run saw it". Where a partner sends no validators the body's hash does the same work, for the price of the transfer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Validators:
    """Of one address: what to send (`etag`, `last_modified`), and the body's hash and length."""

    sha256: str
    length: int
    etag: str | None = None
    last_modified: str | None = None

    def to_request(self) -> dict[str, str]:
        headers = {}
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.last_modified:
            headers["If-Modified-Since"] = self.last_modified
        return headers

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, tree: Mapping[str, Any]) -> Validators:
        return cls(str(tree["sha256"]), int(tree["length"]), tree.get("etag"), tree.get("last_modified"))

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str]) -> Validators:
        return cls(hashlib.sha256(body).hexdigest(), len(body), headers.get("etag"), headers.get("last-modified"))

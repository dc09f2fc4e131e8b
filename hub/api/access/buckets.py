"""Buckets that fill again by the minute, one a key, in bounded memory.

One number a key is enough (the generic cell rate algorithm): the time at which its bucket will be whole again. Keys lie
in two generations. What was asked for moves to the young one; when that is full it becomes the old one, and the old one is
forgotten at once, without a search. A key is thus forgotten only after as many others came by, and then has a whole bucket.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

WINDOW_SECONDS = 60.0
MOST_KEYS = 32_768
ROUNDING = 1e-6
"""Seconds, or parts of a request, that sums of floats may be wrong by."""


class Standing(NamedTuple):
    """What is left of a key's bucket. `wait_seconds`: 0 when the request was let through."""

    name: str
    limit: int
    remaining: int
    reset_seconds: int
    wait_seconds: int


class Buckets:
    """`per_minute` requests a minute and key, all of them at once if need be."""

    def __init__(
        self, name: str, per_minute: int, *, now: Callable[[], float] = time.monotonic, most_keys: int = MOST_KEYS
    ) -> None:
        self.name = name
        self.per_minute = per_minute
        self._seconds_each = WINDOW_SECONDS / per_minute
        self._now = now
        self._most_keys = most_keys
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}

    def take(self, key: str, cost: int = 1) -> Standing:
        """Take `cost` out of the bucket, or nothing when it holds less. A cost beyond the whole bucket counts as all of it."""
        now = self._now()
        whole_at = max(self._find(key), now)
        then = whole_at + min(cost, self.per_minute) * self._seconds_each
        over = then - now - WINDOW_SECONDS
        if over > ROUNDING:
            return self._standing(whole_at - now, max(1, math.ceil(over)))
        self._keep(key, then)
        return self._standing(then - now, 0)

    def charge(self, key: str) -> None:
        """Take one out even if none is left."""
        now = self._now()
        whole_at = max(self._find(key), now)
        self._keep(key, min(whole_at + self._seconds_each, now + WINDOW_SECONDS))

    def wait_seconds(self, key: str) -> int:
        """How long until one can be taken; 0: now."""
        over = self._find(key) - self._now() + self._seconds_each - WINDOW_SECONDS
        return max(1, math.ceil(over)) if over > ROUNDING else 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def _find(self, key: str) -> float:
        found = self._young.get(key)
        return self._old.get(key, 0.0) if found is None else found

    def _keep(self, key: str, whole_at: float) -> None:
        if len(self._young) >= self._most_keys and key not in self._young:
            self._young, self._old = {}, self._young
        self._young[key] = whole_at

    def _standing(self, seconds: float, wait_seconds: int) -> Standing:
        remaining = max(0, int((WINDOW_SECONDS - seconds) / self._seconds_each + ROUNDING))
        return Standing(self.name, self.per_minute, remaining, math.ceil(seconds), wait_seconds)

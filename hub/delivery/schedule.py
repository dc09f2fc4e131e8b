"""When a delivery is tried again: one schedule for an item that was refused, one for a receiver that is away. Pure.

An item's is that of Standard Webhooks ("Deliverability and reliability"): ten tries over 75 hours. A receiver's pauses
double up to half an hour while it takes nothing, and have no end: its subscription waits as a position and costs nothing.
Both get jitter, so that what failed together does not come back together; the jitter follows from the name of what is tried,
so that a restart keeps it.
"""

from __future__ import annotations

import hashlib

ITEM_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Pauses between the tries of one item, 75.6 hours in all."""
FIRST_SECONDS, LONGEST_SECONDS = 2.0, 1_800.0
JITTER = 0.1
"""Share by which a pause is longer at most; never shorter, since 75 hours are a promise."""


def item_pause(tries: int, name: str) -> float | None:
    """Seconds after the `tries`-th failed try (from 1 on); None: it was the last."""
    if tries > len(ITEM_SECONDS):
        return None
    return _with_jitter(ITEM_SECONDS[tries - 1], f"{name}/{tries}")


def receiver_pause(failures: int, retry_after: float | None, name: str) -> float:
    """Seconds after the `failures`-th failure in a row (from 1 on); at least what the receiver asked for."""
    pause = min(FIRST_SECONDS * 2.0 ** min(failures - 1, 32), LONGEST_SECONDS)
    return _with_jitter(max(pause, retry_after or 0.0), f"{name}/{failures}")


def _with_jitter(seconds: float, name: str) -> float:
    share = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32
    return seconds * (1 + JITTER * share)

"""What an answer to a webhook means: for its item, and for the whole subscription. Pure.

2xx alone is success. A receiver that cannot be reached, hangs, or says 429, 502, 503 or 504 is not there: nothing of it is
worth trying for a while. Any other answer is about this one item: it is tried again on its own schedule, and its
neighbours go on. 410 says that nobody is there any more (Standard Webhooks, "Responding to webhooks").
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

AWAY = frozenset({429, 502, 503, 504})
GONE = 410
LONGEST_RETRY_AFTER_SECONDS = 86_400.0

Verdict = Literal["delivered", "refused", "away", "gone", "forbidden"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status`: None when there was no answer; `detail`: one line for people, without anything the receiver sent;
    `retry_after`: seconds that an absent receiver asks for.
    """

    verdict: Verdict
    status: int | None = None
    detail: str = ""
    retry_after: float | None = None

    @property
    def found_nobody(self) -> bool:
        """Nobody was there to take the message or to judge it."""
        return self.verdict in ("away", "gone", "forbidden")

    @property
    def says_not_taken(self) -> bool:
        """The receiver judged what it was sent, and refused it. A fault of its own (5xx) may have come behind the taking."""
        return self.verdict == "refused" and self.status is not None and self.status < 500


def judge(status: int, retry_after: str | None, now_seconds: float) -> Outcome:
    if 200 <= status < 300:
        return Outcome("delivered", status)
    if status == GONE:
        return Outcome("gone", status, "the receiver answers 410: nobody is there any more")
    if status in AWAY:
        return Outcome("away", status, f"the receiver answers {status}", _seconds(retry_after, now_seconds))
    if 300 <= status < 400:
        return Outcome("refused", status, f"the receiver answers {status}; redirects are not followed")
    return Outcome("refused", status, f"the receiver answers {status}")


def _seconds(text: str | None, now_seconds: float) -> float | None:
    """Retry-After in both forms (RFC 9110 §10.2.3), bounded."""
    if text is None:
        return None
    try:
        wanted = float(text) if text.isascii() and text.isdigit() else parsedate_to_datetime(text).timestamp() - now_seconds
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wanted), LONGEST_RETRY_AFTER_SECONDS)

"""One listed or pushed item against what is known of it: which of the two is newer, and what the next version keeps (R2, R7)."""

from __future__ import annotations

import pytest

from hub.ingest.diff import Seen, Verdict, is_stale_delete, judge_poll, judge_push, upsert, withdrawal
from hub.ingest.known import Item

ADDRESS = "https://partner.example/1"
KNOWN = Item("1", "upsert", 100, 50, "same", "items", ADDRESS, 90, 7, changed_at=1000)
GONE = withdrawal(KNOWN, 200, "delete", 2000)


def seen(changed_at: int | None = None, fingerprint: str = "other", url: str | None = ADDRESS) -> Seen:
    return Seen("1", "items", fingerprint, b"{}", url, changed_at, 300)


@pytest.mark.parametrize(
    ("url", "verdict"),
    [(ADDRESS, Verdict.UNCHANGED), (None, Verdict.UNCHANGED), ("https://partner.example/one", Verdict.CHANGED)],
)
def test_a_listed_item_that_moved_has_changed(url: str | None, verdict: Verdict) -> None:
    assert judge_poll(KNOWN, seen(fingerprint="same", url=url), begun_at=0, returning=frozenset()) is verdict


@pytest.mark.parametrize(
    ("changed_at", "verdict"), [(999, Verdict.STALE), (1000, Verdict.CHANGED), (1001, Verdict.CHANGED), (None, Verdict.CHANGED)]
)
def test_of_pushes_of_one_date_the_later_counts_and_without_a_date_each_does(changed_at: int | None, verdict: Verdict) -> None:
    assert judge_push(KNOWN, seen(changed_at)) is verdict


@pytest.mark.parametrize(
    ("changed_at", "verdict"), [(1999, Verdict.STALE), (2000, Verdict.STALE), (2001, Verdict.RETURNED), (None, Verdict.RETURNED)]
)
def test_what_was_deleted_returns_by_a_newer_push(changed_at: int | None, verdict: Verdict) -> None:
    assert judge_push(GONE, seen(changed_at)) is verdict


@pytest.mark.parametrize(("changed_at", "is_stale"), [(999, True), (1000, False), (None, False)])
def test_a_deletion_is_stale_below_the_date_that_is_known(changed_at: int | None, is_stale: bool) -> None:
    assert is_stale_delete(KNOWN, changed_at) is is_stale


@pytest.mark.parametrize(("changed_at", "kept"), [(None, 1000), (3000, 3000)])
def test_a_version_without_a_date_keeps_the_date_that_is_known(changed_at: int | None, kept: int) -> None:
    assert upsert(KNOWN, seen(changed_at), 400).changed_at == kept


def test_the_next_version_keeps_when_it_was_seen_first_and_an_address_that_a_push_lacks() -> None:
    found = upsert(GONE, seen(url=None), 400)
    assert (found.first_seen, found.url, found.fetched_at, found.seq > GONE.seq) == (50, ADDRESS, 300, True)

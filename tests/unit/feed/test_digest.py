"""The digest's algebra: order does not matter, and a step at a time gives what a count from nothing gives."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hub.feed.digest import BUCKETS, Digest, bucket_of

IDS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=20)
ITEMS = st.dictionaries(IDS, st.text(min_size=1, max_size=8), max_size=40)


@given(ITEMS, st.randoms())
def test_order_does_not_matter(items, random):
    shuffled = list(items.items())
    random.shuffle(shuffled)
    assert Digest.of(shuffled) == Digest.of(items.items())


@given(ITEMS, ITEMS)
def test_steps_give_what_a_count_from_nothing_gives(before, after):
    digest = Digest.of(before.items())
    for id_, version in before.items():
        digest.remove(id_, version)
    for id_, version in after.items():
        digest.add(id_, version)
    assert digest == Digest.of(after.items())


@given(ITEMS)
def test_stored_bytes_give_it_back(items):
    digest = Digest.of(items.items())
    assert Digest.from_bytes(digest.to_bytes()) == digest


@given(st.dictionaries(IDS, st.just("1"), min_size=1, max_size=20))
def test_a_changed_version_changes_one_bucket_alone(items):
    id_ = next(iter(items))
    changed = Digest.of({**items, id_: "2"}.items())
    before = Digest.of(items.items())
    assert [n for n in range(BUCKETS) if changed.buckets[n] != before.buckets[n]] == [bucket_of(id_)]
    assert changed.hex != before.hex


def test_one_item_is_the_hash_of_id_and_version():
    buckets = Digest.of([("opp-a", "v1")]).buckets
    expected = hashlib.sha256(b"opp-av1").hexdigest()
    assert buckets[hashlib.sha256(b"opp-a").digest()[0]] == expected
    assert buckets.count("0" * 64) == 255


def test_a_bucket_wraps_at_two_to_the_256():
    full = Digest([2**256 - 1] + [0] * 255)
    id_ = next(f"x{n}" for n in range(10_000) if bucket_of(f"x{n}") == 0)
    full.add(id_, "v")
    full.remove(id_, "v")
    assert full.buckets[0] == "f" * 64

"""What names an opening outright: an address, a reference number with its employer, an echo, the operator's word.

An address or number that two *live* postings of one source carry does not name one opening (a careers home page, a pool
number): it is void for everybody. That rule reads the current set only, so it does not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import xxhash

from hub.domain.keys import pair_key
from hub.matching.entry import Entry
from hub.matching.levels import reference_key

Holders = Entry | list[Entry]
ADDRESS, REFERENCE = "a:", "r:"


def link_keys(entry: Entry) -> list[str]:
    """Keys under which `entry` is found: addresses that it states or stands on, and its reference with its employer."""
    keys = [ADDRESS + key for key in dict.fromkeys((*entry.job_keys, *entry.page_keys))]
    reference = reference_key(entry)
    return [*keys, REFERENCE + reference] if reference is not None else keys


def _hash(key: str) -> int:
    """60 bits of XXH3, see `blocking.key_of`."""
    return xxhash.xxh3_64_intdigest(key.encode()) >> 4


class Links:
    """The index of what postings share. Knows no liveness of its own: `is_live` is asked."""

    def __init__(self, is_live: Callable[[Entry], bool]) -> None:
        self._is_live = is_live
        self._holders: dict[int, Holders] = {}
        """Hash of the key → who has it: two thirds less than the key weighs."""
        self._echoes: dict[str, set[str]] = {}
        self._by_id: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._linked: dict[str, set[str]] = {}

    # --- postings -------------------------------------------------------------------------------------------------

    def add(self, entry: Entry) -> None:
        for key in map(_hash, link_keys(entry)):
            held = self._holders.get(key)
            if held is None:
                self._holders[key] = entry
            elif isinstance(held, Entry):
                self._holders[key] = [held, entry]
            else:
                held.append(entry)
        for echo in entry.echo_ids:
            self._echoes.setdefault(echo, set()).add(entry.key)
        self._by_id[entry.id] = entry.key

    def remove(self, entry: Entry) -> None:
        for key in map(_hash, link_keys(entry)):
            held = self._holders[key]
            if isinstance(held, Entry):
                del self._holders[key]
                continue
            held.remove(entry)
            if len(held) == 1:
                self._holders[key] = held[0]
        for echo in entry.echo_ids:
            self._echoes[echo].discard(entry.key)
            if not self._echoes[echo]:
                del self._echoes[echo]

    def owner_of(self, opportunity_id: str) -> str | None:
        """The posting that owns an id, if the engine has ever known it."""
        return self._by_id.get(opportunity_id)

    def forget(self, entry: Entry) -> None:
        """Take back the id of a posting that was never there after all."""
        self._by_id.pop(entry.id, None)

    def holders(self, key: str) -> list[Entry]:
        held = self._holders.get(_hash(key), [])
        return [held] if isinstance(held, Entry) else held

    def is_void(self, key: str) -> bool:
        """Two live postings of one source state this; standing on a page does not count."""
        held = self._holders.get(_hash(key))
        if held is None or isinstance(held, Entry):
            return False
        seen: set[str] = set()
        address = key[len(ADDRESS) :]
        for entry in held:
            if (key.startswith(REFERENCE) or address in entry.job_keys) and self._is_live(entry):
                if entry.source in seen:
                    return True
                seen.add(entry.source)
        return False

    def partners(self, entry: Entry) -> set[Entry]:
        """Everybody who shares a key that is not void with `entry`."""
        found: set[Entry] = set()
        for key in link_keys(entry):
            held = self._holders.get(_hash(key))
            if isinstance(held, list) and not self.is_void(key):
                found.update(held)
        found.discard(entry)
        return found

    def shared(self, first: Entry, second: Entry) -> Iterator[str]:
        """Keys, not void, that both have."""
        others = set(link_keys(second))
        return (key for key in link_keys(first) if key in others and not self.is_void(key))

    # --- echoes ---------------------------------------------------------------------------------------------------

    def owners_of_page(self, page: str, source: str) -> list[Entry]:
        """Postings of other sources that stand on this page."""
        return [one for one in self.holders(ADDRESS + page) if page in one.page_keys and one.source != source]

    def echoed(self, entry: Entry) -> Iterator[str]:
        """Postings whose opportunity ids `entry` carries, and those that carry its own."""
        for echo in entry.echo_ids:
            owner = self._by_id.get(echo)
            if owner is not None and owner != entry.key:
                yield owner
        yield from (key for key in self._echoes.get(entry.id, ()) if key != entry.key)

    # --- the operator's word --------------------------------------------------------------------------------------

    def set_word(self, first: str, second: str, op: str | None) -> None:
        """The operator's standing word on a pair: `link`, `separate` or None."""
        pair = pair_key(first, second)
        for one, other in ((first, second), (second, first)):
            linked = self._linked.get(one)
            if linked is not None:
                linked.discard(other)
                if not linked:
                    del self._linked[one]
        self._words.pop(pair, None)
        if op is None:
            return
        self._words[pair] = op
        if op == "link":
            self._linked.setdefault(first, set()).add(second)
            self._linked.setdefault(second, set()).add(first)

    def word(self, first: str, second: str) -> str | None:
        return self._words.get(pair_key(first, second))

    def linked(self, key: str) -> Iterable[str]:
        """Postings that the operator linked with `key`."""
        return self._linked.get(key, ())

    def is_separated(self, first: str, second: str) -> bool:
        return bool(self._words) and self._words.get(pair_key(first, second)) == "separate"

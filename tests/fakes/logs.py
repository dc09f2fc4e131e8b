"""What a log of changes comes to: after compaction, and as far as its order carries meaning."""

from __future__ import annotations

import orjson

from hub.matching import Change, ClockChange, MatchChange, OverrideChange, PostingChange


def compacted(log: tuple[Change, ...]) -> list[Change]:
    """What a compacted log holds at the end: of each posting the greatest `seq`, of each word the last, the latest clock."""
    kept: dict[object, Change] = {}
    for change in log:
        if isinstance(change, PostingChange):
            former = kept.get(change.key)
            if not isinstance(former, PostingChange) or _seq(change) >= _seq(former):
                kept[change.key] = change
        else:
            kept[_word_of(change)] = change
    clocks = [change.at for change in log if isinstance(change, ClockChange)]
    return [change for change in kept.values() if not isinstance(change, ClockChange)] + [ClockChange(at) for at in clocks[-1:]]


def orderless(log: tuple[Change, ...]) -> list[Change]:
    """What may come in any order: of words on one thing, and of versions with one `seq`, only the log's last counts."""
    kept: dict[object, Change] = {}
    for change in log:
        kept[(change.key, _seq(change)) if isinstance(change, PostingChange) else _word_of(change)] = change
    return list(kept.values())


def _seq(change: PostingChange) -> int:
    return int(orjson.loads(change.value)["seq"])


def _word_of(change: Change) -> object:
    if isinstance(change, MatchChange):
        return frozenset((change.first, change.second))
    if isinstance(change, OverrideChange):
        return ("word", change.key)
    return change

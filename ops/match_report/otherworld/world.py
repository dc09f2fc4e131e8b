"""The other world as a corpus: openings until the boards show as many postings as asked, cleaned and enriched as the hub does."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time

from hub.enrich import clean, enrich
from ops.match_report.listed import Corpus, Listed, held_out_keys
from ops.match_report.otherworld.boards import HOSTS, Shown, listings
from ops.match_report.otherworld.openings import TODAY, Opening, openings
from ops.match_report.otherworld.wording import day


def other_world(size: int, seed: int) -> Corpus:
    """At least `size` postings, the last opening's included. A third of employers and of occupations is held out."""
    shown: list[Shown] = []
    for opening in openings(seed):
        shown += listings(opening, seed)
        if len(shown) >= size:
            break
    families = Counter(opening.family for opening in {one.opening.key: one.opening for one in shown}.values())
    listed = [_listed(one, families[one.opening.family] > 1) for one in shown]
    clock = int(datetime.combine(day(TODAY), time(12), UTC).timestamp() * 1000)
    return Corpus(f"other world {size}", listed, dict(HOSTS), clock=clock, held_out=held_out_keys(listed))


def _listed(shown: Shown, has_look_alike: bool) -> Listed:
    opening, posting = shown.opening, shown.posting
    enriched = enrich(clean(posting, contacts="drop"))
    traits = set(shown.traits) | {opening.kind}
    if has_look_alike:
        traits.add("look_alike")
    return Listed.of(
        posting,
        enriched.to_bytes(),
        opening=opening.key,
        employer=opening.employer.key,
        occupation=_occupation(opening),
        languages=shown.languages,
        traits=traits,
    )


def _occupation(opening: Opening) -> str:
    return opening.occupation.key if opening.occupation else f"{opening.kind}: {(opening.topic or ('', ''))[1]}"

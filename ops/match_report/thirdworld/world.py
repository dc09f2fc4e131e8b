"""The third world as a corpus: families of openings until the boards show as many postings as asked, cleaned and enriched."""

from __future__ import annotations

from collections import Counter

from hub.enrich import clean, enrich
from ops.match_report.listed import Corpus, Listed, held_out_keys
from ops.match_report.thirdworld.boards import HOSTS
from ops.match_report.thirdworld.listings import listings
from ops.match_report.thirdworld.opening import TODAY
from ops.match_report.thirdworld.openings import openings
from ops.match_report.thirdworld.shown import Shown, unix_ms


def third_world(size: int, seed: int) -> Corpus:
    """At least `size` postings, the last family's included. Held out: a third of employers and of occupations."""
    shown: list[Shown] = []
    for family in openings(seed):
        shown += [one for opening in family for one in listings(opening, seed)]
        if len(shown) >= size:
            break
    made = {one.opening.key: one.opening for one in shown}.values()
    alike = Counter((opening.employer.key, opening.profession) for opening in made)
    listed = [_listed(one, alike[one.opening.employer.key, one.opening.profession] > 1) for one in shown]
    return Corpus(f"third world {size}", listed, dict(HOSTS), clock=unix_ms(TODAY, 12), held_out=held_out_keys(listed))


def _listed(shown: Shown, has_look_alike: bool) -> Listed:
    opening, posting = shown.opening, shown.posting
    enriched = enrich(clean(posting, contacts="drop"))
    traits = {*shown.traits, "internship" if opening.is_internship else opening.kind}
    if has_look_alike:
        traits.add("look_alike")
    return Listed.of(
        posting,
        enriched.to_bytes(),
        opening=opening.key,
        employer=opening.employer.key,
        occupation=opening.profession,
        languages=shown.languages,
        traits=traits,
    )

"""Features: what matching reads of a posting and a ghost keeps. Derived once, in enrich, with the model's hash."""

from __future__ import annotations

import hashlib
import re

from hub.domain.posting import EnrichedPosting, Features
from hub.matching.addresses import job_key, page_key
from hub.matching.employer import employer_key

RULES = "certain-links-1"
"""Version of the rules below: a change of them is a new model, and a new model is a rebuild."""
MODEL = hashlib.sha256(RULES.encode()).hexdigest()[:12]

_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
SHORTEST_REFERENCE = 4


def features_of(posting: EnrichedPosting) -> Features:
    """Pure; equal postings have equal features in every process."""
    own = posting.provenance.url or posting.canonical_url
    own_key = page_key(own) if own else None
    stated = [posting.apply.url if posting.apply else None, posting.canonical_url]
    job_keys = {key for address in stated if address and (key := job_key(address)) and key != own_key}
    title = posting.title.nl or posting.title.en
    return Features(
        model=MODEL,
        job_keys=sorted(job_keys),
        page_keys=[own_key] if own_key else [],
        reference_keys=sorted(_reference_keys(posting)),
        employer=employer_key(posting.organisation.name) if posting.organisation else None,
        title=title.text.casefold() if title else None,
        municipality=next((place.municipality for place in posting.locations if place.municipality), None),
    )


def _reference_keys(posting: EnrichedPosting) -> set[str]:
    """A reference number counts with its employer only: two employers may well use the same one."""
    if not posting.reference_number or not posting.organisation:
        return set()
    number = _NOT_ALNUM.sub("", posting.reference_number.casefold())
    if len(number) < SHORTEST_REFERENCE or not any(c.isdigit() for c in number):
        return set()
    names = {employer_key(posting.organisation.name), (posting.organisation.domain or "").removeprefix("www.").casefold()}
    return {f"{number}|{name}" for name in names if name}

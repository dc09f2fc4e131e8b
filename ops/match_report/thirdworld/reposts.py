"""A board puts the same advertisement up once more when it has run out, under a new number of its own."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hub.domain.keys import source_key
from hub.domain.posting import Description, Posting, Provenance, RichText, Status
from ops.match_report.thirdworld.opening import TODAY, Opening, dated
from ops.match_report.thirdworld.shown import Shown, end_of, native_of, unix_ms
from ops.match_report.thirdworld.tables import EN, NL


def put_up_again(old: Shown, seed: int, rng: random.Random) -> tuple[Shown, Shown]:
    """The old listing, withdrawn on its last day, and the new one; its closing day moves along in the text."""
    opening, posting = old.opening, old.posting
    assert posting.date_posted is not None
    over = max(opening.closes, posting.date_posted.date() + timedelta(days=7))
    posted = min(over + timedelta(days=rng.choice((0, 1, 2, 4))), TODAY)
    closes = posted + timedelta(days=rng.choice((14, 21, 30)))
    is_gone = closes < TODAY
    new = posting.model_copy(
        update={
            **_renumbered(posting, native_of(posting.source, opening, seed, is_again=True), posted),
            **(
                {"valid_through": end_of(closes), "description": _redated(posting, opening, closes)}
                if posting.valid_through
                else {}
            ),
            "status": Status.WITHDRAWN if is_gone else Status.ACTIVE,
            "date_posted": datetime.combine(posted, time(8), UTC),
            "seq": unix_ms(min(closes, TODAY) if is_gone else posted),
            "first_seen": unix_ms(posted),
        }
    )
    ended = posting.model_copy(update={"status": Status.WITHDRAWN, "seq": unix_ms(over)})
    ghost = frozenset({"ghost"})
    return (
        replace(old, posting=ended, traits=old.traits | ghost),
        replace(old, posting=new, traits=old.traits | ghost if is_gone else old.traits - ghost),
    )


def _renumbered(posting: Posting, native: str, posted: date) -> dict[str, Any]:
    """Key and addresses with the new number; those of the employer's own system stay."""
    number = posting.source_key.partition(":")[2]

    def moved(url: str | None) -> str | None:
        return url.replace(number, native) if url and posting.source in url else url

    seen = posting.provenance
    applying = posting.apply
    return {
        "source_key": source_key(posting.source, native),
        "canonical_url": moved(posting.canonical_url),
        "apply": applying.model_copy(update={"url": moved(applying.url)}) if applying else None,
        "provenance": Provenance(url=moved(seen.url), fetched_at=unix_ms(posted), rank=seen.rank),
    }


def _redated(posting: Posting, opening: Opening, closes: date) -> Description:
    bodies = {}
    for lang, body in (("nl", posting.description.nl), ("en", posting.description.en)):
        if body is not None:
            html = body.html or ""
            for number in (NL, EN):
                html = html.replace(dated(opening.closes, number), dated(closes, number))
            bodies[lang] = RichText(html=html)
    return Description(**bodies)
